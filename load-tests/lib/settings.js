// The environment variables of the load tests: what each means, its default, and what is said of a wrong one. Uses nothing of k6 or Node.

const units = { s: 1_000, m: 60_000, h: 3_600_000 };

/** A time such as 90s, 10m or 1h30m, in milliseconds. */
function time(text) {
  if (!/^(\d+h)?(\d+m)?(\d+s)?$/.test(text)) throw new Error('must be a time such as 30s, 10m or 1h30m');
  return [...text.matchAll(/(\d+)([hms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * units[unit], 0);
}

/** A number from `least` to `most`; a whole one unless `isWhole` is false. */
const number =
  (least, most, isWhole = true) =>
  (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
    throw new Error(`must be a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`);
  };

const flag = (text) => {
  if (text !== 'true' && text !== 'false') throw new Error('must be true or false');
  return text === 'true';
};

const text = (value) => value;

/** One address, or several with commas between, without slashes at their ends. */
const addresses =
  (...schemes) =>
  (value) =>
    value.split(',').map((address) => {
      if (!schemes.some((scheme) => new RegExp(`^${scheme}://[^/\\s]+`).test(address.trim()))) {
        throw new Error(`must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`);
      }
      return address.trim().replace(/\/+$/, '');
    });

const protocolNames = ['graphql-transport-ws', 'appsync'];

const protocols = (value) =>
  value.split(',').map((name) => {
    if (!protocolNames.includes(name.trim()))
      throw new Error(`must be ${protocolNames.join(' or ')}, or both with a comma between`);
    return name.trim();
  });

/** Every variable: how its text is read, its default (a script may have its own), what it means. */
export const variables = {
  BASE_URL: [
    addresses('http', 'https'),
    '',
    'Address of the API, without a path: `https://api.example.com`. Mutations go to `/graphql` there, subscriptions to `/graphql/realtime`.',
  ],
  GRAPHQL_URL: [
    addresses('http', 'https'),
    '',
    'Where mutations go, whole addresses with commas between, in place of `BASE_URL`: for processes without a proxy in front.',
  ],
  REALTIME_URL: [addresses('ws', 'wss'), '', 'Where subscriptions go, likewise. Connections take turns.'],
  API_KEY: [text, '', 'API key of every client and publisher.'],
  TOKENS_FILE: [
    text,
    '',
    'File with a token on each line ([tokens](#tokens)), in place of `API_KEY`. Connections take turns.',
  ],
  PROTOCOL: [
    protocols,
    'graphql-transport-ws',
    "`graphql-transport-ws`, `appsync` (AppSync's, as Amplify speaks it), or both with a comma between: connections take turns.",
  ],
  CONNECTIONS: [number(1, 100_000), '1000', 'Connections.'],
  SUBSCRIPTIONS_PER_CONNECTION: [number(1, 200), '1', 'Subscriptions of each.'],
  RATE: [number(0.1, 10_000, false), '20', 'Mutations a second, each for the subscribers of one board.'],
  BROADCAST_RATE: [number(0, 1_000, false), '1', 'Mutations a second for every subscription; 0: none.'],
  MATCH_PERCENT: [
    number(0.01, 100, false),
    '1',
    'Subscriptions that a mutation matches, in percent. There are 100 / `MATCH_PERCENT` boards.',
  ],
  EVENT_BYTES: [number(0, 500_000), '100', 'Length of the title of a task: an event is some 200 bytes larger.'],
  DURATION: [time, '10m', 'Time in which events are published.'],
  RAMP: [time, '', 'Time in which the connections are opened. Default: 200 in a second.'],
  SETTLE: [time, '5s', 'From the last connection to the first event.'],
  GRACE: [time, '15s', 'From the last event to the end of waiting for what has not arrived.'],
  RECONNECT_WITHIN: [time, '5s', 'A client that lost its connection comes back after a random part of this.'],
  P99_MS: [
    number(1, 600_000),
    '250',
    'Longest time from publishing to receiving of 99 in 100 deliveries, in milliseconds.',
  ],
  VUS: [
    number(1, 10_000),
    '',
    'Virtual users that share the connections. Default: one for 75, and 8 at least. Fewer cost less memory, more use more cores.',
  ],
  PUBLISHERS: [
    number(1, 1_000),
    '',
    'Virtual users that share the mutations; each waits for an answer before it sends the next, and there is one for a board at most. Default: one for 10 a second.',
  ],
  INSECURE_TLS: [flag, 'false', '`true`: certificates are not checked.'],
  OUT: [text, '', 'Folder of the summaries; it must be there. Default: `out`, beside the scripts.'],
  SPIKE_CONNECTIONS: [number(0, 100_000), '1000', 'Connections that come in addition, and go again.'],
  SPIKE_RAMP: [time, '5s', 'Time in which they come.'],
  SPIKE_FACTOR: [number(1, 1_000, false), '5', 'How many times more mutations there are meanwhile.'],
  SPIKE_DURATION: [time, '20s', 'How long that lasts.'],
  STORM_JITTER: [time, '5s', 'Every client that was cut comes back after a random part of this; `0s`: at once.'],
  BACK_WITHIN: [time, '60s', 'Longest time that a client may need to come back.'],
  DRAIN_SECONDS: [
    number(0, 86_400),
    '60',
    'Seconds over which a gateway that stops closes its connections (`drainSeconds` of the chart).',
  ],
  GATEWAYS: [number(1, 1_000), '2', 'Gateways that are restarted, one after the other.'],
  RESTART_WITHIN: [
    time,
    '',
    'From the first close to the last return. Default: `GATEWAYS` times `DRAIN_SECONDS` and 10 seconds.',
  ],
  ALLOW_ABRUPT: [
    flag,
    'false',
    '`true`: connections may end without a close frame, and mutations without an answer, because processes are killed.',
  ],
  SLOW_CONNECTIONS: [number(1, 1_000), '10', 'Clients that stop reading.'],
  SLOW_RATE: [number(1, 1_000), '20', 'Mutations a second that only these clients should receive.'],
  SLOW_EVENT_BYTES: [number(1_000, 500_000), '50000', 'Length of their titles.'],
  SLOW_CLOSED: [flag, 'true', '`false`: slow clients keep their connections (`SLOW_CONSUMER_POLICY=keep-latest`).'],
};

/** Those that every script reads; the others belong to one or two. */
export const commonNames = Object.keys(variables).slice(0, Object.keys(variables).indexOf('SPIKE_CONNECTIONS'));

/**
 * Reads the variables of a script. `defaults` are the script's own, `names` are variables that it has beyond the common ones.
 *
 * Answers `{ settings, faults }`: the values by name, and a sentence for each thing that is wrong.
 */
export function readSettings(env, { defaults = {}, names = [] } = {}) {
  const settings = {};
  const faults = [];
  for (const name of [...commonNames, ...names]) {
    const [read, usual] = variables[name];
    const given = env[name] || defaults[name] || usual;
    try {
      settings[name] = given === '' ? undefined : read(given);
    } catch (error) {
      faults.push(`${name} ${error.message}, not "${withoutPassword(given)}".`);
    }
  }
  return { settings: complete(settings), faults: [...faults, ...contradictions(settings, faults)] };
}

function contradictions(settings, faults) {
  const isNamed = (name) => settings[name] !== undefined || faults.some((fault) => fault.startsWith(`${name} `));
  const found = [];
  for (const name of ['GRAPHQL_URL', 'REALTIME_URL']) {
    if (!isNamed('BASE_URL') && !isNamed(name)) {
      found.push(`${name} is not known: set BASE_URL, as in -e BASE_URL=https://api.example.com, or ${name}.`);
    }
  }
  if (settings.BASE_URL?.length > 1)
    found.push('BASE_URL must be one address; several are for GRAPHQL_URL and REALTIME_URL.');
  if (!settings.API_KEY && !settings.TOKENS_FILE) found.push('There are no credentials: set API_KEY or TOKENS_FILE.');
  if (settings.API_KEY && settings.TOKENS_FILE) found.push('API_KEY and TOKENS_FILE are both set: set one of them.');
  return found;
}

/** Fills in what follows from other settings. */
function complete(settings) {
  const base = settings.BASE_URL?.[0];
  const boards = Math.max(1, Math.round(100 / settings.MATCH_PERCENT));
  return {
    ...settings,
    GRAPHQL_URL: settings.GRAPHQL_URL ?? [`${base}/graphql`],
    REALTIME_URL: settings.REALTIME_URL ?? [`${base?.replace(/^http/, 'ws')}/graphql/realtime`],
    RAMP: settings.RAMP ?? Math.ceil(settings.CONNECTIONS / 200) * 1_000,
    VUS: Math.min(settings.VUS ?? Math.max(8, Math.ceil(settings.CONNECTIONS / 75)), settings.CONNECTIONS),
    // A board has one publisher, so that its events have one order.
    PUBLISHERS: Math.min(settings.PUBLISHERS ?? Math.ceil(settings.RATE / 10), boards),
    BOARDS: boards,
    ...('RESTART_WITHIN' in settings && {
      RESTART_WITHIN: settings.RESTART_WITHIN ?? settings.GATEWAYS * (settings.DRAIN_SECONDS + 10) * 1_000,
    }),
  };
}

/** An address may carry a password before its `@`. */
function withoutPassword(value) {
  return value.replace(/:(?!\/\/)[^@/]*@/, ':***@');
}
