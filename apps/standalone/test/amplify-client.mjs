// An unmodified Amplify client in a process of its own, because it must trust the local authority from its start
// (NODE_EXTRA_CA_CERTS). Reads commands as lines of JSON, writes what happens as lines of JSON.
import { createInterface } from 'node:readline';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { decodeJWT } from 'aws-amplify/auth';
import { Hub } from 'aws-amplify/utils';

const { endpoint, authMode, apiKey, authToken, accessToken, accessKeyId, secretAccessKey } = JSON.parse(
  process.argv[2],
);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

// What an application gives that has tokens and keys from elsewhere: Amplify's own way to be used without its Auth.
const Auth = {
  ...(accessToken && { tokenProvider: { getTokens: async () => ({ accessToken: decodeJWT(accessToken) }) } }),
  ...(accessKeyId && {
    credentialsProvider: {
      getCredentialsAndIdentityId: async () => ({ credentials: { accessKeyId, secretAccessKey } }),
      clearCredentialsAndIdentityId: () => undefined,
    },
  }),
};
Amplify.configure({ API: { GraphQL: { endpoint, region: 'us-west-2', defaultAuthMode: authMode, apiKey } } }, { Auth });
Hub.listen('api', ({ payload }) => {
  if (payload.event === 'Subscription ack') say({ event: 'ack' });
  if (payload.event === 'ConnectionStateChange') say({ event: 'state', state: payload.data.connectionState });
});

const client = generateClient();
const options = authToken ? { authMode, authToken } : { authMode };

for await (const line of createInterface({ input: process.stdin })) {
  const { command, name, query, variables } = JSON.parse(line);
  if (command === 'subscribe') {
    client.graphql({ query, variables, ...options }).subscribe({
      next: ({ data }) => say({ event: 'next', name, data }),
      error: (error) => say({ event: 'error', name, message: error?.errors?.[0]?.message ?? String(error) }),
      complete: () => say({ event: 'complete', name }),
    });
  } else {
    await client.graphql({ query, variables, ...options }).then(
      ({ data }) => say({ event: 'answer', data }),
      ({ data, errors }) => say({ event: 'answer', data, errors }),
    );
  }
}
process.exit(0);
