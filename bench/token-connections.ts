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
 * Counted is the time of the gateway's core until it has nothing left to do, and how often the key set was fetched.
 */
const rounds = 3;
const sizes = { quick: 1_000, whole: 5_000 };
const maxTimesApiKeys = 1.3;

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

  const connect = async (credentials?: (index: number) => ClientCredentials): Promise<number> => {
    const load = new Load(server.target);
    const cpuBefore = cpuTimeMs(server.pid);
    await load.open(connections, { concurrency: connections, credentials });
    await load.settled(server.pid);
    const usedMs = cpuTimeMs(server.pid) - cpuBefore;
    await load.close(server.pid);
    return usedMs;
  };
  const withKeys: number[] = [];
  const withTokens: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const tokens: string[] = [];
    for (let index = 0; index < connections; index += 1) {
      tokens.push(await issuer.idToken({ username: `user-${round}-${index}` }));
    }
    const [keysMs, tokensMs] = [await connect(), await connect((index) => ({ Authorization: tokens[index]! }))];
    // The first round compiles.
    if (round === 0) continue;
    withKeys.push(keysMs);
    withTokens.push(tokensMs);
  }

  const name = `${connections} connect at once (${protocol.subprotocol})`;
  const unit = 'ms CPU';
  const peerFigure = median(withKeys);
  const target = { atMost: maxTimesApiKeys, timesPeer: 'API keys' };
  return [
    row({ name: `${name}: API keys`, figure: peerFigure, unit }),
    row({ name: `${name}: tokens of their own`, figure: median(withTokens), unit, peerFigure, target }),
    row({ name: `${name}: key set`, figure: issuer.fetches, unit: 'fetches', target: { atMost: 1 } }),
  ];
}
