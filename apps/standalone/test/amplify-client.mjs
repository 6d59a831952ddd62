// An unmodified Amplify client in a process of its own, because it must trust the local authority from its start
// (NODE_EXTRA_CA_CERTS). Reads commands as lines of JSON, writes what happens as lines of JSON.
import { createInterface } from 'node:readline';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { Hub } from 'aws-amplify/utils';

const { endpoint, authMode, apiKey, authToken } = JSON.parse(process.argv[2]);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

Amplify.configure({ API: { GraphQL: { endpoint, region: 'us-west-2', defaultAuthMode: authMode, apiKey } } });
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
