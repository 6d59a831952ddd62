import { bool, host, makeExactValidator, str } from 'envalid';
import type { CleanedEnv } from 'envalid';
import { parseAllowedOrigins } from './allowed-origins.js';
import { redis } from './redis-settings.js';
import { traces } from './trace-settings.js';
import { parseTrustedProxies } from './trusted-proxies.js';
import { address, count, optionalPort, port, secret } from './validators.js';

/** What happens when credentials end that a connection, or a subscription, still rests on. */
export type OnTokenExpiry = 'keep' | 'close' | 'end';

/**
 * What happens to deliveries that a client is too slow for: they wait until there are too many bytes of them, or only the newest
 * of each subscription waits.
 */
export type SlowConsumerPolicy = 'disconnect' | 'keep-latest';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

const definition = {
  STARLING_API: str({ desc: 'Folder of the API definition (the one that holds starling.yaml).' }),
  STARLING_API_RELOAD_MS: count({
    default: 5_000,
    desc: 'Time between two looks at the folder of the API definition, in milliseconds; 0: none. One that has changed is served without a restart, a bad one is logged and the former served on. SIGHUP loads it at any time.',
  }),
};

function logging(defaultLevel: LogLevel) {
  return {
    LOG_LEVEL: str<LogLevel>({
      choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      default: defaultLevel,
      desc: 'Least severe level that is logged.',
    }),
  };
}

const cognito = {
  COGNITO_ENDPOINT: address(
    'http',
    'https',
  )({
    default: undefined,
    desc: "Address of a user pool service that is not AWS's; tokens must then be issued by <endpoint>/<userPoolId>. Default: AWS, in the pool's region.",
  }),
};

const iam = {
  IAM_CREDENTIALS_FILE: str({
    default: undefined,
    desc: 'File with the access keys of AWS_IAM and what each may access, usually a mounted secret. Read again when it changes. Needed by an API that has AWS_IAM.',
  }),
  IAM_MAX_CLOCK_SKEW_MS: count({
    default: 300_000,
    desc: "Difference between a signer's clock and ours that is forgiven, in milliseconds. AWS: 5 minutes.",
  }),
  IAM_STS_API_NAME: str({
    default: undefined,
    desc: 'Lets callers with credentials of AWS prove through STS who they are: the name that they sign as x-starling-api, which no other server of theirs may have. Default: STS is not asked.',
  }),
  IAM_STS_ENDPOINT: address(
    'http',
    'https',
  )({
    default: undefined,
    desc: "Address of a service that stands in for STS; proofs must then be made for it. Default: AWS's own, in any region.",
  }),
};

const sticky = {
  MAX_STICKY_INVALIDATIONS: count({
    default: 10_000,
    desc: 'Sticky invalidations that are kept at once, in the event log and in each gateway; 0: none sticks. Of more, those that would be over soonest are dropped. Set the same everywhere.',
  }),
};

const retention = {
  EVENT_LOG_MAX_ENTRIES: count({
    default: 100_000,
    desc: 'Entries the event log keeps, about. The oldest are trimmed; a gateway that lags further behind than this reports a gap.',
  }),
};

/** Where a service of AWS is replaced by another that speaks its API: LocalStack, an emulator, a test's own. */
function awsEndpoint(desc: string) {
  return address('http', 'https')({ default: undefined, desc });
}

const dataSources = {
  DYNAMODB_ENDPOINT: awsEndpoint(
    "Address of a DynamoDB that is not AWS's. Credentials come from the AWS SDK's own chain (AWS_ACCESS_KEY_ID, a profile, a role).",
  ),
  LAMBDA_ENDPOINT: awsEndpoint(
    "Address of a Lambda that is not AWS's, for functions that are named by their ARN. Default: AWS, in the function's region.",
  ),
  RDS_DATA_ENDPOINT: awsEndpoint(
    "Address of an RDS Data API that is not AWS's. Default: AWS, in the data source's region.",
  ),
  EVENTBRIDGE_ENDPOINT: awsEndpoint(
    "Address of an EventBridge that is not AWS's. Default: AWS, in the event bus's region.",
  ),
  BEDROCK_ENDPOINT: awsEndpoint(
    "Address of a Bedrock runtime that is not AWS's. Default: AWS, in the data source's region.",
  ),
  NEXT_TOKEN_SECRET: secret({
    default: undefined,
    desc: 'Secret that encrypts nextToken, at least 16 bytes, the same on every pod. Default: a random one, so that a page token is good on the pod that made it only.',
  }),
};

const listening = {
  HOST: host({ default: '0.0.0.0', desc: 'Address to listen on.' }),
};

const gateway = {
  MAX_SUBSCRIPTIONS_PER_CONNECTION: count({
    default: 200,
    desc: 'Subscriptions one connection may hold. AppSync: 200.',
  }),
  MAX_FRAME_BYTES: count({
    default: 1_048_576,
    desc: 'Largest frame a client may send, in bytes; a larger one closes its connection with 1009. Also the largest body of a request for an event stream.',
  }),
  MAX_FRAGMENTS_PER_MESSAGE: count({
    default: 128,
    desc: 'Fragments that a message may come in; 0: any number. Beyond it the connection is closed with 1008. Default: clients send messages whole, and many tiny fragments cost far more than their bytes.',
  }),
  CONNECTION_INIT_TIMEOUT_MS: count({
    default: 15_000,
    desc: 'Time a new connection has to send connection_init, in milliseconds. Default: what Amplify itself waits for the answer.',
  }),
  KEEP_ALIVE_MS: count({
    default: 60_000,
    desc: 'Time between keep-alive messages, in milliseconds. Amplify raises an alarm after 65 seconds without one.',
  }),
  ON_TOKEN_EXPIRY: str<OnTokenExpiry>({
    choices: ['keep', 'close', 'end'],
    default: undefined,
    desc: "What happens when credentials end while they are in use: keep (nothing), close (the connection), end (the subscriptions that they authorised). Default: keep in AppSync's protocol, as AppSync does, and close in graphql-transport-ws and for event streams.",
  }),
  TOKEN_EXPIRY_WARNING_MS: count({
    default: 60_000,
    desc: 'How long before its credentials end a graphql-transport-ws connection is warned by a ping, in milliseconds; 0: not. Default: enough to fetch a new token.',
  }),
  MAX_CONNECTION_AGE_MS: count({
    default: 86_400_000,
    desc: "Age at which a connection is closed so that its client connects again, in milliseconds; 0: never. Each gets up to a tenth less, so that those of one moment do not come back in one. Default: 24 hours, AppSync's.",
  }),
  IDLE_TIMEOUT_MS: count({
    default: 600_000,
    desc: 'Time that a connection may have no subscription, in milliseconds; 0: any. Amplify closes such a connection by itself after a second.',
  }),
  MAX_CONNECTIONS: count({
    default: 50_000,
    desc: 'Connections of this process; 0: any number. Beyond it upgrades are answered 503. Default: below 65,535, the file descriptors that a process usually gets.',
  }),
  MAX_HANDSHAKES_PER_SECOND: count({
    default: 2_000,
    desc: "Upgrades this process takes in a second; 0: any number. Beyond it they are answered 503, and clients try again. Default: AppSync's, which no storm of reconnecting clients should exceed.",
  }),
  MAX_HANDSHAKES_PER_SECOND_PER_ADDRESS: count({
    default: 0,
    desc: 'Upgrades this process takes in a second from one IPv4 address or IPv6 /64; 0: any number. Default 0, for the same reason as MAX_CONNECTIONS_PER_ADDRESS.',
  }),
  MAX_CONNECTIONS_PER_ADDRESS: count({
    default: 0,
    desc: 'Connections of this process from one IPv4 address or IPv6 /64; 0: any number. Default 0, because an office or a mobile network is one address, and without TRUSTED_PROXIES a load balancer is too.',
  }),
  MAX_PENDING_HANDSHAKES_PER_ADDRESS: count({
    default: 0,
    desc: 'Connections of one address, as above, that are not acknowledged yet; 0: any number.',
  }),
  MAX_CONNECTIONS_PER_IDENTITY: count({
    default: 1_000,
    desc: 'Connections of this process whose credentials name the same person or machine; 0: any number. API keys name nobody. Default: more than one needs, less than a client that leaks them would take.',
  }),
  MESSAGE_RATE: count({
    default: 100,
    desc: 'Messages per second that a connection may send for long, pings and each 16 KiB of a larger message counted; 0: any number. Beyond it subscriptions are refused.',
  }),
  MESSAGE_BURST: count({
    default: 1_000,
    desc: 'Messages that a connection may send at once. Default: what a client with 200 subscriptions sends when it connects again, five times over. One that sends as many again beyond its rate is closed.',
  }),
  FLUSH_INTERVAL_MS: count({
    default: 0,
    desc: 'Time that messages wait to be written together with what comes after them, in milliseconds. 0: until the turn of the event loop ends. 20 halves the CPU time of deliveries at some hundred events per second and connection, and delays each by up to so much.',
  }),
  MAX_WAITING_BYTES: count({
    default: 1_048_576,
    desc: 'Bytes that may wait in this process for one client that does not read; beyond it the connection is closed with 1013, and its client comes back. What the kernel has taken does not count.',
  }),
  SLOW_CONSUMER_POLICY: str<SlowConsumerPolicy>({
    choices: ['disconnect', 'keep-latest'],
    default: 'disconnect',
    desc: 'What happens to deliveries that a client is too slow for: disconnect (all wait, up to MAX_WAITING_BYTES), keep-latest (of each subscription only the newest waits, and says how many it took the place of).',
  }),
};

/** What orchestrators and Prometheus ask. */
function observation(defaultPort: number) {
  return {
    METRICS_PORT: optionalPort({
      default: defaultPort,
      desc: 'Port for /metrics, /healthz and /readyz, which need no credentials: not for clients; 0: none.',
    }),
    METRICS_HOST: host({
      default: '0.0.0.0',
      desc: 'Address to listen on for these. Default: every one, because the kubelet and Prometheus come from elsewhere.',
    }),
  };
}

/** How a process leaves. `work`: what DRAIN_SECONDS is the time of. */
function drain(work: string) {
  return {
    DRAIN_DELAY_MS: count({
      default: 5_000,
      desc: 'Time from SIGTERM, when /readyz turns to 503, to when nothing new is taken any more, in milliseconds. Default: what an orchestrator and its load balancers need to send clients elsewhere.',
    }),
    DRAIN_SECONDS: count({
      default: 15,
      desc: `Time after that ${work}. Default: with the delay and the 5 seconds that the end may take, less than the 30 after which Kubernetes kills.`,
    }),
  };
}

/** Of the HTTP server that WebSocket connections begin on. */
const handshakes = {
  HEADERS_TIMEOUT_MS: count({
    default: 10_000,
    desc: 'Time that a new connection has to send the headers of its request, in milliseconds; 0: any. Slow networks need seconds, and a client that sends a byte now and then must not hold a connection.',
  }),
  MAX_HEADER_BYTES: count({
    default: 16_384,
    desc: 'Largest headers of a request, in bytes. Default: a token of 4 KB in each place that may hold one, and four times that.',
  }),
};

const network = {
  ALLOWED_ORIGINS: makeExactValidator(parseAllowedOrigins)({
    default: parseAllowedOrigins('*'),
    desc: 'Pages that browsers let call: * or origins such as https://app.example.com, separated by commas. Others get no CORS headers, and 403 in place of a WebSocket or an event stream. Default: every page, as in AppSync, because credentials are sent by the page itself and never by the browser.',
  }),
  TRUSTED_PROXIES: makeExactValidator(parseTrustedProxies)({
    default: undefined,
    desc: 'Proxies whose x-forwarded-for is believed: addresses, CIDR ranges, loopback (127.0.0.0/8, ::1), private (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7), separated by commas. Default: none, so that the address of a client is that of the TCP peer.',
  }),
};

const requests = {
  MAX_BODY_BYTES: count({
    default: 1_048_576,
    desc: 'Largest body of a request, in bytes; a larger one is answered 413. AppSync documents none.',
  }),
  BODY_TIMEOUT_MS: count({
    default: 30_000,
    desc: 'Time that a request has to come, from its first byte to the last of its body, in milliseconds; 0: any. Beyond it it is answered 408.',
  }),
  HTTP_KEEP_ALIVE_MS: count({
    default: 72_000,
    desc: 'Time that a connection is kept for the next request, in milliseconds; 0: none. Default: longer than the 60 seconds of usual load balancers, which must be the ones to close.',
  }),
  MAX_CONNECTIONS: count({
    default: 10_000,
    desc: 'Connections of this process; 0: any number. Further ones are closed without an answer. Default: far above what its requests need, below the file descriptors that a process usually gets.',
  }),
  REQUESTS_PER_SECOND_PER_ADDRESS: count({
    default: 0,
    desc: 'Requests per second from one IPv4 address or IPv6 /64, as many at once; 0: any number. Beyond it they are answered 429. Default 0, because an office or a mobile network is one address, and without TRUSTED_PROXIES a load balancer is too.',
  }),
};

/** Settings of the api process. */
export const apiSettings = {
  ...definition,
  ...listening,
  PORT: port({ default: 4000, desc: 'Port for GraphQL over HTTP.' }),
  ...observation(4100),
  ...handshakes,
  ...requests,
  ...network,
  ...redis,
  ...retention,
  ...sticky,
  ...dataSources,
  ...cognito,
  ...iam,
  ...drain('in which requests under way are finished and events that wait are brought to the event log, in seconds'),
  PUBLISH_ACK_TIMEOUT_MS: count({
    default: 500,
    desc: 'Time a mutation waits for the event log, in milliseconds. After it, and at once while the log is known to be away, the mutation is answered with publish "deferred" and its event waits in the queue.',
  }),
  EVALUATION_API: bool({
    default: false,
    desc: "Serve AppSync's evaluation API (POST /v1/dataplane-evaluatetemplate, …-evaluatecode) for tests of resolvers. It needs no credentials: not for a process that strangers reach.",
  }),
  ...logging('info'),
  ...traces,
};

/** Settings of the gateway process. */
export const gatewaySettings = {
  ...definition,
  ...listening,
  PORT: port({ default: 4001, desc: 'Port for WebSocket connections and event streams.' }),
  ...observation(4101),
  ...handshakes,
  ...network,
  ...redis,
  ...sticky,
  ...dataSources,
  ...cognito,
  ...iam,
  ...gateway,
  ...drain('over which connections are closed, evenly and in random order, in seconds; 0: all at once'),
  ...logging('info'),
  ...traces,
};

/** Settings of `npm start`: everything in one process, on this machine. */
export const standaloneSettings = {
  PORT: port({ default: 4000, desc: 'Port for http and ws.' }),
  TLS_PORT: port({
    default: 4443,
    desc: "Port for https and wss, with a certificate from a local authority: Amplify's client speaks only wss.",
  }),
  COGNITO_PORT: port({ default: 9229, desc: 'Port of the local user pool.' }),
  OIDC_PORT: port({ default: 9230, desc: 'Port of the local OpenID Connect issuer.' }),
  METRICS_PORT: optionalPort({
    default: 0,
    desc: 'Port for /metrics, /healthz and /readyz. Default 0: none, because nothing on a laptop asks for them.',
  }),
  ...iam,
  IAM_CREDENTIALS_FILE: str({
    default: undefined,
    desc: 'File with the access keys of AWS_IAM and what each may access. Default: one that is made, with the keys of local.accessKeys.',
  }),
  ...network,
  ...gateway,
  ...sticky,
  ...logging('warn'),
};

export type ApiSettings = CleanedEnv<typeof apiSettings>;
export type GatewaySettings = CleanedEnv<typeof gatewaySettings>;
export type StandaloneSettings = CleanedEnv<typeof standaloneSettings>;
