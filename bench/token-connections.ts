import { startRedisServer, startTokenIssuer } from '#libs/testing';
import { clientProtocols } from './load/client-protocol.js';
import type { ClientCredentials, ClientProtocol } from './load/client-protocol.js';
import { Load } from './load/load.js';
import { leaveServerCore } from './measure/cores.js';
import { cpuTimeMs } from './measure/cpu-time.js';
import { row } from './measure/row.js';
import type { BenchOptions, Row } from './measure/row.js';
import { median } from './measure/statistics.js';
import { startGatewayServer } from './servers/starling-gateway.js';

/**
 * Everybody connects and subscribes at once, each with a token of its own that the gateway has not seen, beside the same with API keys.
 * Timed is how long it takes until the last one is let in, and counted how often the key set was fetched; the CPU time that the gateway
 * has used when it has nothing left to do stands beside it.
 */
const rounds = 3;
const sizes = { quick: 1_000, whole: 5_000 };
const maxTimesApiKeys = 1.3;

interface Times {
  readonly ms: number;
  readonly cpuMs: number;
}

export async function measure({ isQuick, profileFolder }: BenchOptions): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const protocol of Object.values(clientProtocols)) {
    rows.push(...(await measureProtocol(protocol, isQuick ? sizes.quick : sizes.whole, profileFolder)));
  }
  return rows;
}

async function measureProtocol(
  protocol: ClientProtocol,
  connections: number,
  profileFolder: string | undefined,
): Promise<readonly Row[]> {
  await leaveServerCore();
  await using started = new AsyncDisposableStack();
  const redis = started.adopt(await startRedisServer(), (it) => it.stop());
  const issuer = started.adopt(await startTokenIssuer(), (it) => it.stop());
  const server = started.adopt(
    await startGatewayServer({
      redisUrl: redis.url,
      protocol,
      profileFolder,
      env: {
        STARLING_API: 'bench/api-with-tokens',
        COGNITO_USER_POOL_ID: issuer.userPoolId,
        COGNITO_ENDPOINT: issuer.endpoint,
      },
    }),
    (it) => it.stop(),
  );

  const connect = async (credentials?: (index: number) => ClientCredentials): Promise<Times> => {
    const load = new Load(server.target);
    const cpuBefore = cpuTimeMs(server.pid);
    const before = performance.now();
    await load.open(connections, { concurrency: connections, credentials });
    const ms = performance.now() - before;
    await load.settled(server.pid);
    const cpuMs = cpuTimeMs(server.pid) - cpuBefore;
    await load.close(server.pid);
    return { ms, cpuMs };
  };
  const withKeys: Times[] = [];
  const withTokens: Times[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const tokens: string[] = [];
    for (let index = 0; index < connections; index += 1) {
      tokens.push(await issuer.idToken({ username: `user-${round}-${index}` }));
    }
    const keys = await connect();
    const own = await connect((index) => ({ Authorization: tokens[index]! }));
    // The first round compiles.
    if (round === 0) continue;
    withKeys.push(keys);
    withTokens.push(own);
  }

  const name = `${connections} connect at once (${protocol.subprotocol})`;
  const medianOf = (times: readonly Times[], member: keyof Times): number => median(times.map((one) => one[member]));
  const target = { atMost: maxTimesApiKeys, timesPeer: 'API keys' };
  const beside = { ms: medianOf(withKeys, 'ms'), cpuMs: medianOf(withKeys, 'cpuMs') };
  const own = { ms: medianOf(withTokens, 'ms'), cpuMs: medianOf(withTokens, 'cpuMs') };
  return [
    row({ name: `${name}: API keys`, figure: beside.ms, unit: 'ms' }),
    row({ name: `${name}: tokens of their own`, figure: own.ms, unit: 'ms', peerFigure: beside.ms, target }),
    row({ name: `${name}: API keys`, figure: beside.cpuMs, unit: 'ms CPU' }),
    row({ name: `${name}: tokens of their own`, figure: own.cpuMs, unit: 'ms CPU', peerFigure: beside.cpuMs }),
    row({ name: `${name}: key set`, figure: issuer.fetches, unit: 'fetches', target: { atMost: 1 } }),
  ];
}
