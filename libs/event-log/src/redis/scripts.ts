import { argumentsPerEntry, entryVersion } from './entry-fields.js';
import { lastingVersion } from './lasting.js';

/** Reads the id of the last entry ever written, which XINFO alone knows once the entry itself is gone. */
const lastIdFunction = `
local function last_id(key)
  if redis.call('EXISTS', key) == 0 then return '0-0' end
  local info = redis.call('XINFO', 'STREAM', key)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return info[i + 1] end
  end
  return '0-0'
end
`;

/** Gives the log its epoch when it has none: it is new, or was flushed. */
const epochFunction = `
local function current_epoch(key, fresh)
  local epoch = redis.call('GET', key)
  if epoch then return epoch end
  redis.call('SET', key, fresh)
  return fresh
end
`;

/**
 * Keeps a sticky invalidation beside the log, by when it is over. One that is appended twice is kept once. The member is read by
 * `toLasting`.
 */
const rememberFunction = `
local function remember(key, id, seconds, name, payload, request_id)
  local ends_at = string.match(id, '^%d+') + seconds * 1000
  redis.call('ZADD', key, 'GT', string.format('%.0f', ends_at), cjson.encode({ '${lastingVersion}', name, payload, request_id }))
end
`;

/**
 * Appends a batch, all or nothing, each entry with the id of the entry before it: a reader sees by that link whether
 * anything stood between two entries that is gone.
 *
 * KEYS[1] log, KEYS[2] epoch, KEYS[3] sticky
 * ARGV[1] epoch for a log that has none, ARGV[2] entries to keep, ARGV[3] milliseconds to keep,
 * ARGV[4] sticky invalidations to keep,
 * ARGV[5…] per entry: kind, name, payload, traceparent, producer, sequence, request id or '', sticky seconds or ''
 * Returns the epoch, then the id of each entry.
 */
export const appendScript = `${lastIdFunction}${epochFunction}${rememberFunction}
local answer = { current_epoch(KEYS[2], ARGV[1]) }
local previous = last_id(KEYS[1])
for i = 5, #ARGV, ${argumentsPerEntry} do
  previous = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*',
    'version', '${entryVersion}', 'kind', ARGV[i], 'name', ARGV[i + 1], 'payload', ARGV[i + 2],
    'traceparent', ARGV[i + 3], 'producer', ARGV[i + 4], 'sequence', ARGV[i + 5],
    'requestId', ARGV[i + 6], 'sticky', ARGV[i + 7], 'previous', previous)
  answer[#answer + 1] = previous
  if ARGV[i + 7] ~= '' then remember(KEYS[3], previous, ARGV[i + 7], ARGV[i + 1], ARGV[i + 2], ARGV[i + 6]) end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now))
local excess = redis.call('ZCARD', KEYS[3]) - ARGV[4]
if excess > 0 then redis.call('ZREMRANGEBYRANK', KEYS[3], 0, excess - 1) end
local oldest = now - ARGV[3]
if oldest > 0 then redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', oldest)) end
return answer
`;

/**
 * Says what the log knows of a position.
 *
 * KEYS[1] log, KEYS[2] epoch
 * ARGV[1] epoch for a log that has none, ARGV[2] id of the position
 * Returns epoch, last id ever written, 1 when the entry of the position is there else 0, id of the entry after it or '',
 * that entry's link to the one before it or '', id of the oldest entry or ''.
 */
export const inspectScript = `${lastIdFunction}${epochFunction}
local epoch = current_epoch(KEYS[2], ARGV[1])
local last = last_id(KEYS[1])
local has = #redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])
local after = redis.call('XRANGE', KEYS[1], '(' .. ARGV[2], '+', 'COUNT', 1)[1]
local next_id, link = '', ''
if after then
  next_id = after[1]
  for i = 1, #after[2], 2 do
    if after[2][i] == 'previous' then link = after[2][i + 1] end
  end
end
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
return { epoch, last, has, next_id, link, oldest and oldest[1] or '' }
`;

/**
 * Gives the log a new epoch unless somebody else already has: every gateway that sees the same failover asks for the same
 * change.
 *
 * KEYS[1] epoch
 * ARGV[1] epoch as it was, ARGV[2] epoch as it is to be
 * Returns the epoch that holds now, or '' where there is none.
 */
export const renewEpochScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) end
return redis.call('GET', KEYS[1]) or ''
`;
