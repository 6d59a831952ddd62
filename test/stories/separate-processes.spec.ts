import { describe, inject } from 'vitest';
import { startSeparateProcesses } from './deployments/separate-processes.js';
import { tellStories } from './tell-stories.js';

describe('the stories on two apis and two gateways over Redis', () => {
  tellStories((api) => startSeparateProcesses({ api, redisUrl: inject('redisUrl') }));
});
