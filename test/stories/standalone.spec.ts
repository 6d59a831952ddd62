import { describe } from 'vitest';
import { startStandaloneDeployment } from './deployments/standalone.js';
import { tellStories } from './tell-stories.js';

describe('the stories on one laptop', () => {
  tellStories(startStandaloneDeployment);
});
