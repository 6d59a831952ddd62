import type { Ending } from './story-client.js';

/** A client package that applications have, and what it makes of what Starling does. */
export interface ClientKind {
  /** As the page of the clients calls it (docs/guides/clients.md). */
  readonly name: string;
  /** In node_modules. */
  readonly folder: string;
  /** In adapters/, and the function there. */
  readonly module: string;
  readonly connect: string;
  readonly protocol: 'graphql-ws' | 'graphql-transport-ws';
  /** Whether it subscribes again by itself after its connection is lost; if not, it says so. */
  readonly comesBack: boolean;
  /** What an application hears when its subscription is invalidated. */
  readonly toldOfInvalidation: Ending;
}

const invalidated = '{"errors":[{"errorType":"SubscriptionInvalidated","message":"Subscription complete."}]}';
const appSync = {
  protocol: 'graphql-ws',
  toldOfInvalidation: { how: 'error', message: `Connection failed: ${invalidated}` },
} as const;
const standard = {
  protocol: 'graphql-transport-ws',
  connect: 'connect',
  comesBack: true,
  toldOfInvalidation: { how: 'complete' },
} as const;

export const clients: readonly ClientKind[] = [
  { name: 'graphql-ws', folder: 'graphql-ws', module: 'graphql-ws.ts', ...standard },
  { name: 'Apollo Client', folder: '@apollo/client', module: 'apollo.ts', ...standard },
  { name: 'urql', folder: '@urql/core', module: 'urql.ts', ...standard },
  { name: 'Amplify 6', folder: 'aws-amplify', module: 'amplify-6.ts', connect: 'connect', comesBack: true, ...appSync },
  {
    name: 'Amplify 5',
    folder: 'aws-amplify-v5',
    module: 'amplify-5.ts',
    connect: 'connect',
    comesBack: true,
    ...appSync,
  },
  {
    name: 'aws-appsync-subscription-link',
    folder: 'aws-appsync-subscription-link',
    module: 'apollo.ts',
    connect: 'connectByAppSyncLink',
    comesBack: false,
    ...appSync,
  },
];
