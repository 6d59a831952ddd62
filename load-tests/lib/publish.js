// One mutation, and what its answer says of the event.
import http from 'k6/http';

import { documents } from './documents.js';
import { metrics } from './metrics.js';
import { warn } from './warn.js';

/** Longest wait for an answer: a mutation that is not answered by then was perhaps published. */
const timeout = '10s';

/**
 * Creates a task. Answers 'acknowledged', if the event is in the log; 'deferred', if it waits; 'unacknowledged', if nobody knows. `response` is
 * what came, for those who want to say why.
 */
export function publish(url, credentials, task) {
  const response = http.post(url, JSON.stringify({ query: documents.publish, variables: { task } }), {
    headers: { 'content-type': 'application/json', ...credentials },
    tags: { name: 'createTask' },
    timeout,
  });
  return { outcome: outcomeOf(response), response };
}

/** The same for an event of a run, counted. */
export function publishCounted(url, credentials, task) {
  const { outcome, response } = publish(url, credentials, task);
  if (outcome === 'acknowledged') metrics.published.add(1);
  else if (outcome === 'deferred') metrics.deferred.add(1);
  else {
    metrics.unacknowledged.add(1);
    warn(`A mutation was not acknowledged: ${response.error || `${response.status} ${response.body}`}`);
  }
  return outcome;
}

function outcomeOf({ status, body }) {
  if (status !== 200) return 'unacknowledged';
  const { data, errors, extensions } = JSON.parse(body);
  if (errors || !data?.createTask) return 'unacknowledged';
  const said = extensions?.starling?.publish;
  if (said === undefined) return 'acknowledged';
  return said === 'deferred' ? 'deferred' : 'unacknowledged';
}
