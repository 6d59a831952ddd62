import { describe } from 'vitest';
import { tellStories } from '../stories/tell-stories.js';
import { credentialsOf, deploymentOf } from './deployments.js';

describe('the stories through one front', () => {
  tellStories(async (definition) => {
    const { plain } = deploymentOf(definition);
    // Twice: whichever pod they reach, each of two mutations and subscriptions must work.
    return {
      graphqlUrls: [`http://${plain}/graphql`, `http://${plain}/graphql`],
      realtimeUrls: [`ws://${plain}/graphql/realtime`, `ws://${plain}/graphql/realtime`],
      credentialsOf,
      stop: async () => undefined,
    };
  });
});
