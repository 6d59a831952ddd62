import { describe, expect, it } from 'vitest';
import { merge, leastValues, refusal, toolTimeoutMs } from './chart.js';
import type { Values } from './chart.js';

/** What is wrong, the values, and what Helm says. */
type Case = readonly [string, Values, RegExp];

const misspelt: readonly Case[] = [
  ['a key at the top', { gatway: {} }, /additional properties 'gatway' not allowed/],
  ['a key of a component', { gateway: { replica: 3 } }, /additional properties 'replica' not allowed/],
  ['a key deep inside', { redis: { trial: { persistance: {} } } }, /additional properties 'persistance' not allowed/],
  ['a text for a number', { gateway: { drainSeconds: '60' } }, /gateway\/drainSeconds.*got string, want integer/s],
  ['a number below what there is', { api: { replicas: 0 } }, /api\/replicas.*minimum.*0.*1/s],
  [
    'an unknown choice',
    { gateway: { autoscaling: { type: 'memory' } } },
    /autoscaling\/type.*must be one of 'cpu', 'keda', 'custom'/s,
  ],
  [
    'more than an autoscaler waits',
    { api: { autoscaling: { scaleDownAfterSeconds: 3601 } } },
    /scaleDownAfterSeconds.*maximum.*3,?601.*3,?600/s,
  ],
  [
    'a longer time between two pods than an autoscaler knows',
    { gateway: { autoscaling: { scaleDownEverySeconds: 1801 } } },
    /scaleDownEverySeconds.*maximum.*1,?801.*1,?800/s,
  ],
  ['an object for a list', { env: { A: 'b' } }, /env.*got object, want array/s],
  ['variables that are no object', { test: { variables: 'boardId' } }, /test\/variables.*got string, want object/s],
  ['a number in a map of texts', { commonLabels: { tier: 1 } }, /commonLabels\/tier.*got number/s],
];

const contradictory: readonly Case[] = [
  [
    'no Redis',
    { redis: { url: '' } },
    /There is no Redis for the event log\. Set redis\.url or redis\.existingSecret, or redis\.trial/,
  ],
  [
    'two Redis',
    { redis: { trial: { enabled: true } } },
    /Redis is given by redis\.url and redis\.trial\.enabled\. Set one/,
  ],
  [
    'a Redis that is no address',
    { redis: { url: 'redis.example:6379' } },
    /redis\.url: "redis\.example:6379" is no address/,
  ],
  [
    'a password in an address',
    { redis: { url: 'redis://:s3cret@redis.example' } },
    /redis\.url has credentials.*redis\.password\.existingSecret/,
  ],
  [
    'several addresses of neither',
    { redis: { url: 'redis://a:6379,redis://b:6379' } },
    /several addresses\. Set redis\.sentinel\.primaryName .* or redis\.cluster=true/,
  ],
  ['Sentinel and Cluster', { redis: { cluster: true, sentinel: { primaryName: 'main' } } }, /are both set/],
  [
    'a port that the policies close',
    { redis: { url: 'redis://redis.example:6380/0' } },
    /port 6380, which networkPolicy\.redis\.ports does not open/,
  ],
  [
    'the port that Sentinels have by themselves, closed',
    { redis: { url: 'redis://sentinel.example', sentinel: { primaryName: 'main' } } },
    /port 26379, which networkPolicy\.redis\.ports does not open/,
  ],
  [
    'a trial Redis that is a Cluster',
    { redis: { url: '', cluster: true, trial: { enabled: true } } },
    /is one server without TLS and users/,
  ],
  [
    'no definition',
    { definition: { existingConfigMap: '' } },
    /There is no API definition\. Set definition\.files .*, definition\.existingConfigMap or definition\.volume/,
  ],
  [
    'two definitions',
    { definition: { files: { 'starling.yaml': 'name: a' } } },
    /given by definition\.files and definition\.existingConfigMap\. Set one/,
  ],
  [
    'a grace that is shorter than the drain',
    { gateway: { terminationGracePeriodSeconds: 60 } },
    /gateway\.terminationGracePeriodSeconds is 60, and a pod needs 75: 5 of drainDelaySeconds, 60 of drainSeconds, and 10 to end\. Set it to 75 or more/,
  ],
  [
    'a drain that outgrew its grace',
    { api: { drainSeconds: 100, terminationGracePeriodSeconds: 45 } },
    /api\.terminationGracePeriodSeconds is 45, and a pod needs 115/,
  ],
  [
    'fewer pods at most than at least',
    { api: { autoscaling: { enabled: true, minReplicas: 5, maxReplicas: 3 } } },
    /api\.autoscaling\.minReplicas \(5\) is more than maxReplicas \(3\)/,
  ],
  [
    'a share of no CPU',
    { gateway: { autoscaling: { enabled: true }, resources: { requests: { cpu: null } } } },
    /Set gateway\.resources\.requests\.cpu/,
  ],
  [
    'pods that are taken away faster than they drain',
    { gateway: { drainSeconds: 600, autoscaling: { enabled: true } } },
    /scaleDownEverySeconds is 180, and a pod drains for 605: .* Set it to 605 or more/,
  ],
  [
    'pods that are taken away faster than they drain, which takes longer than an autoscaler can wait',
    { gateway: { drainSeconds: 3600, autoscaling: { enabled: true } } },
    /Set it to 1800 or more/,
  ],
  [
    'KEDA without an address',
    { gateway: { autoscaling: { enabled: true, type: 'keda' } } },
    /Set gateway\.autoscaling\.keda\.serverAddress/,
  ],
  [
    'an update that can replace nothing',
    { gateway: { rollout: { maxSurge: '0%' } } },
    /no pod can be replaced\. Set maxSurge to 1/,
  ],
  [
    'a budget that lets no pod go',
    { gateway: { disruptionBudget: { maxUnavailable: '0%' } } },
    /gateway\.disruptionBudget\.maxUnavailable is 0%, and no node .* Set it to 1 or more/,
  ],
  ['a variable without a name', { env: [{ value: 'x' }] }, /env: an item has no name\. Write each as \{name: NAME/],
  [
    'a variable whose name is a number',
    { gateway: { env: [{ name: 5, value: 'x' }] } },
    /gateway\.env: an item has no name/,
  ],
  ...['VAULT_TOKEN', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'ISSUER_CREDENTIALS'].map(
    (name): Case => [
      `a secret among the values, ${name}`,
      { env: [{ name, value: 's3cret' }] },
      new RegExp(`env: ${name} is a secret.*valueFrom\\.secretKeyRef`),
    ],
  ),
  [
    'a variable of the chart',
    { env: [{ name: 'DRAIN_SECONDS', value: '5' }] },
    /env: DRAIN_SECONDS is set by the chart\. Set drainSeconds/,
  ],
  ['connections of both', { env: [{ name: 'MAX_CONNECTIONS', value: '5' }] }, /Set gateway\.maxConnections/],
  [
    'a secret among the values',
    { api: { env: [{ name: 'STARLING_API_KEY', value: 'da2-x' }] } },
    /api\.env: STARLING_API_KEY is a secret.*valueFrom\.secretKeyRef/,
  ],
  [
    'a test of one document',
    { test: { mutation: 'mutation { a }' } },
    /test\.subscription and test\.mutation belong together/,
  ],
  ['a route of no Gateway', { httpRoute: { enabled: true } }, /Set httpRoute\.parentRefs/],
];

const files = (given: Values): Values => ({ definition: { existingConfigMap: '', files: given } });
const definitions: readonly Case[] = [
  [
    'no starling.yaml',
    files({ 'boards/starling.yaml': 'name: a' }),
    /definition\.files has no starling\.yaml, only boards\/starling\.yaml/,
  ],
  ['a way out of the folder', files({ 'starling.yaml': '', '../x': '' }), /"\.\.\/x" leads out of the folder/],
  ['a name that is no key', files({ 'starling.yaml': '', 'a b': '' }), /"a b" is no path that a ConfigMap can hold/],
  ['two files of one key', files({ 'starling.yaml': '', 'a/b': '', a__b: '' }), /"a\/b" and "a__b" would have one key/],
  [
    'more than a ConfigMap holds',
    files({ 'starling.yaml': 'x'.repeat(1024 * 1024) }),
    /have 1048589 bytes together.*set definition\.volume/,
  ],
];

describe.each([
  ['a misspelt value', misspelt],
  ['a contradiction', contradictory],
  ['a definition', definitions],
])('%s', (_, cases) => {
  it.each(cases)(
    'should be refused with a sentence: %s',
    async (_name, values, sentence) => {
      const said = await refusal(values);
      expect(said).toMatch(sentence);
      expect(said).not.toMatch(/nil pointer|<no value>|s3cret|da2-x/);
    },
    toolTimeoutMs,
  );
});

const right: readonly (readonly [string, Values])[] = [
  ['nothing is set', {}],
  [
    'variables only sound like secrets',
    {
      env: [
        { name: 'TOKEN_EXPIRY_WARNING_MS', value: '0' },
        { name: 'ALLOWED_HEADERS', value: 'accept' },
        { name: 'GOOGLE_APPLICATION_CREDENTIALS', value: '/var/run/google.json' },
        { name: 'VAULT_TOKEN', valueFrom: { secretKeyRef: { name: 'vault', key: 'token' } } },
      ],
    },
  ],
  [
    'CPU is limited, which Kubernetes takes for what is requested',
    { api: { autoscaling: { enabled: true }, resources: { requests: null, limits: { cpu: '1' } } } },
  ],
  [
    'pods drain for longer than an autoscaler can wait',
    { gateway: { drainSeconds: 3600, autoscaling: { enabled: true, scaleDownEverySeconds: 1800 } } },
  ],
  [
    "the Sentinels' own port is open, and the primary's",
    {
      redis: { url: 'redis://sentinel.example', sentinel: { primaryName: 'main' } },
      networkPolicy: { redis: { ports: [26379, 6379] } },
    },
  ],
  ['there is no budget', { api: { disruptionBudget: { enabled: false, maxUnavailable: '0%' } } }],
];

it.each(right)('should not be refused when %s', async (_, values) => {
  await expect(refusal(values, merge(leastValues, {}))).rejects.toThrow('Helm takes these values.');
});
