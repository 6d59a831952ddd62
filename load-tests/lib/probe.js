// Tries the whole way once before thousands do: a subscription, a mutation, its delivery. Says in a sentence what is in the way.
import encoding from 'k6/encoding';
import { WebSocket } from 'k6/websockets';

import { documents } from './documents.js';
import { publish } from './publish.js';

/** Longest wait for the delivery, in milliseconds. */
const patienceMs = 10_000;

/** How often the event is published until it arrives: a subscription of graphql-transport-ws does not say when it has started. */
const publishEveryMs = 500;

/** Tries one mutation at every address of the api. Answers what is wrong, or undefined. */
export function probeMutations({ settings, run, credentials }) {
  for (const url of settings.GRAPHQL_URL) {
    const task = { boardId: `${run}-probe`, sequence: 1, sentAt: Date.now() };
    const { outcome, response } = publish(url, credentials, task);
    if (outcome !== 'unacknowledged') continue;
    if (response.status === 0) return silenceOf(url, response.error);
    if (response.status === 401)
      return `${url} refuses the credentials: set API_KEY, or make the tokens of TOKENS_FILE for this API.`;
    const said = `${response.status} ${String(response.body).slice(0, 300)}`;
    return `${url} does not create a task, it answers ${said}: does it serve the definition in load-tests/api?`;
  }
  return undefined;
}

function silenceOf(url, error) {
  const remedy = /x509/.test(error)
    ? 'set SSL_CERT_FILE to a file with the authority of its certificate, or INSECURE_TLS=true'
    : 'set BASE_URL or GRAPHQL_URL to a running api';
  return `${url} does not answer (${error}): ${remedy}.`;
}

/** Tries one subscription of each protocol at every address of the gateways. Resolves with what is wrong, or undefined. */
export async function probeSubscriptions({ settings, run, credentials, protocols }) {
  for (const url of settings.REALTIME_URL) {
    for (const protocol of protocols) {
      const wrong = await probeSubscription({ url, protocol, graphqlUrl: settings.GRAPHQL_URL[0], run, credentials });
      if (wrong) return `${url} ${wrong} (${protocol.name}).`;
    }
  }
  return undefined;
}

function probeSubscription({ url, protocol, graphqlUrl, run, credentials }) {
  const board = `${run}-probe-${protocol.name}`;
  const encode = (text) => encoding.b64encode(text, 'rawurl');
  return new Promise((resolve) => {
    const socket = new WebSocket(url, protocol.subprotocols(credentials, encode));
    let isOpen = false;
    let failure = 'no answer';
    let publishing;
    const impatience = setTimeout(() => {
      const missing = isOpen
        ? 'delivers nothing of what is published: do api and gateway share a Redis?'
        : 'does not answer';
      end(`${missing} in ${patienceMs / 1_000} s`);
    }, patienceMs);

    function end(wrong) {
      clearTimeout(impatience);
      clearInterval(publishing);
      if (isOpen) socket.close();
      isOpen = false;
      resolve(wrong);
    }

    socket.onopen = () => {
      isOpen = true;
      socket.send(protocol.hello(credentials));
    };
    socket.onerror = ({ error }) => (failure = error);
    socket.onclose = ({ code, reason }) => {
      if (isOpen) end(`closes connections with ${code ?? 1006} ${reason}: are the credentials those of this API?`);
      else end(`takes no connection (${failure}): set BASE_URL or REALTIME_URL to a running gateway`);
    };
    socket.onmessage = ({ data }) => {
      const { kind, errors } = protocol.read(data);
      if (kind === 'delivery') end(undefined);
      else if (kind === 'refused') end(`refuses the credentials: ${JSON.stringify(errors)}`);
      else if (kind === 'error')
        end(`refuses the subscription: ${JSON.stringify(errors)}: does it serve the definition in load-tests/api?`);
      else if (kind === 'welcome') {
        socket.send(
          protocol.subscribe('0', { query: documents.subscribe, variables: { boardIds: [board] } }, credentials),
        );
        let sequence = 0;
        publishing = setInterval(() => {
          sequence += 1;
          publish(graphqlUrl, credentials, { boardId: board, sequence, sentAt: Date.now() });
        }, publishEveryMs);
      }
    };
  });
}
