import { Redis } from 'ioredis';
import { createRedisEventLog, Publisher } from '#libs/event-log';
import type { TaskPublisher } from './bench-server.js';

/** Name of the API in `bench/api`. */
const api = 'bench';

/** Redis channel on which the peers hear of tasks. */
const taskChannel = 'onCreateTask';

export interface ClosablePublisher extends TaskPublisher {
  close(): Promise<void>;
}

/** Appends to the gateway's event log, as the api does. */
export function createLogPublisher(redisUrl: string): ClosablePublisher {
  const log = createRedisEventLog({ url: redisUrl, api });
  const publisher = new Publisher(log);
  return {
    async publish({ text }) {
      const payload = `{"__typename":"Task",${text.slice(1)}`;
      await publisher.publish([{ kind: 'event', mutation: 'createTask', payload }]);
    },
    async close() {
      publisher.close();
      await log.close();
    },
  };
}

/** Publishes on the channel of the peers. */
export function createChannelPublisher(redisUrl: string): ClosablePublisher {
  const redis = new Redis(redisUrl);
  return {
    async publish({ text }) {
      await redis.publish(taskChannel, `{"onCreateTask":${text}}`);
    },
    async close() {
      redis.disconnect();
    },
  };
}
