// What `helm test` runs, on the Node of the image: subscribes at the gateway in AppSync's protocol, mutates at the api, and waits for the
// event. Without documents it asks only whether both answer. Uses nothing that is not in Node itself.
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';

const { fetch, WebSocket } = globalThis;

const {
  API_URL,
  REALTIME_URL,
  SUBSCRIPTION,
  MUTATION,
  VARIABLES = '{}',
  CREDENTIALS_HEADER,
  CREDENTIALS,
} = process.env;
const timeoutMs = Number(process.env.TIMEOUT_SECONDS ?? 30) * 1000;
const credentials = CREDENTIALS ? { [CREDENTIALS_HEADER]: CREDENTIALS } : {};
const { host } = new URL(API_URL);

const deadline = setTimeout(() => end(1, `No answer within ${timeoutMs / 1000} seconds while: ${doing}`), timeoutMs);
let doing = 'starting';

try {
  if (SUBSCRIPTION) await tellStory();
  else await ask();
} catch (error) {
  end(1, `${doing}: ${error.message}`);
}

function end(status, text) {
  clearTimeout(deadline);
  process.stdout.write(`${text}\n`);
  // Not by itself: an open connection would keep the process.
  process.exit(status);
}

function begin(what) {
  doing = what;
  process.stdout.write(`${what}\n`);
}

async function tellStory() {
  const realtime = await connect();
  begin('Subscribing');
  const authorization = { host, ...credentials };
  const data = JSON.stringify({ query: SUBSCRIPTION, variables: variablesOf(SUBSCRIPTION) });
  realtime.send({ id: 'test', type: 'start', payload: { data, extensions: { authorization } } });
  await realtime.next('start_ack');
  begin('Mutating');
  const answer = await post(MUTATION);
  if (!answer.data || answer.errors) throw new Error(`the mutation failed: ${JSON.stringify(answer)}`);
  begin('Waiting for the event');
  const event = await realtime.next('data');
  if (event.payload.errors) throw new Error(`the event has errors: ${JSON.stringify(event.payload)}`);
  end(0, `The event has arrived: ${JSON.stringify(event.payload.data)}`);
}

/** An answer is enough: without credentials it is a refusal. */
async function ask() {
  begin('Asking the api');
  const answer = await post('{ __typename }');
  if (!answer.data && !answer.errors) throw new Error(`the answer is none of GraphQL: ${JSON.stringify(answer)}`);
  begin('Asking the gateway');
  await new Promise((resolve, reject) => {
    const socket = new WebSocket(REALTIME_URL, ['graphql-transport-ws']);
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`no connection to ${REALTIME_URL}`));
  });
  end(0, 'Both answer. No event was looked for: set test.subscription and test.mutation.');
}

/** A connection that is acknowledged. Credentials are that of AppSync's handshake, in a subprotocol, because WebSocket sends no headers. */
async function connect() {
  begin(`Connecting to ${REALTIME_URL}`);
  const header = Buffer.from(JSON.stringify({ host, ...credentials })).toString('base64url');
  const socket = new WebSocket(REALTIME_URL, ['graphql-ws', `header-${header}`]);
  const messages = [];
  let wake = () => undefined;
  let failure;
  const fail = (text) => {
    failure ??= new Error(text);
    wake();
  };
  const opened = new Promise((resolve) => (socket.onopen = resolve));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (/error$/.test(message.type)) fail(data);
    messages.push(message);
    wake();
  };
  socket.onerror = () => fail('the connection failed');
  socket.onclose = ({ code, reason }) => fail(`the connection was closed with ${code} ${reason}`);

  const realtime = {
    send: (message) => socket.send(JSON.stringify(message)),
    async next(type) {
      for (;;) {
        const index = messages.findIndex((message) => message.type === type);
        if (index >= 0) return messages.splice(index, 1)[0];
        if (failure) throw failure;
        await new Promise((resolve) => (wake = resolve));
      }
    },
  };
  await Promise.race([opened, realtime.next('none')]);
  realtime.send({ type: 'connection_init' });
  await realtime.next('connection_ack');
  return realtime;
}

async function post(query) {
  const response = await fetch(API_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credentials },
    body: JSON.stringify({ query, variables: variablesOf(query) }),
  });
  return response.json();
}

/** Those that the document declares: others would be refused. */
function variablesOf(query) {
  const given = Object.entries(JSON.parse(VARIABLES));
  return Object.fromEntries(given.filter(([name]) => new RegExp(`\\$${name}\\s*:`).test(query)));
}
