export { CursorInvalidError, decodeCursor, encodeCursor } from './cursor.js';
export type {
  EventLog,
  GapReason,
  Handled,
  LastingInvalidation,
  LogGap,
  LogHooks,
  LogPage,
  LogReader,
  PositionedEntry,
  ReaderState,
  ReadOptions,
  SkippedEntry,
} from './event-log.js';
export type { EventEntry, InvalidationEntry, LogEntry, SequencedEntry } from './log-entry.js';
export { LogUnavailableError } from './log-unavailable-error.js';
export { createMemoryEventLog } from './memory-event-log.js';
export type { MemoryEventLogOptions } from './memory-event-log.js';
export type { Position } from './position.js';
export { ProducerMemory } from './producer-memory.js';
export { Publisher } from './publisher.js';
export type { PublisherCounters, PublishResult } from './publisher.js';
export type { PublisherOptions } from './publisher-options.js';
export type { RedisAddress } from './redis/redis-address.js';
export { createRedisEventLog } from './redis/redis-event-log.js';
export type { RedisEventLogOptions } from './redis/redis-event-log.js';
export { defaultRetention } from './retention.js';
export type { Retention } from './retention.js';
