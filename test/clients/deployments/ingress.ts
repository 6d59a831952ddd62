import { once } from 'node:events';
import { request as forward } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface IngressOptions {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** Where HTTP requests go, in turn; `http://host:port`. */
  readonly apis: readonly string[];
  /** Where WebSockets go, in turn. */
  readonly gateways: readonly string[];
}

export interface Ingress {
  readonly port: number;
  /** Sends WebSockets to these from now on; those that there are stay. */
  routeTo(gateways: readonly string[]): void;
  stop(): Promise<void>;
}

/** What stands before several processes: it ends TLS and makes one origin of them. */
export async function startIngress({ key, cert, apis, gateways }: IngressOptions): Promise<Ingress> {
  const sockets = new Set<Duplex>();
  const nextApi = inTurn(apis);
  let nextGateway = inTurn(gateways);
  const server = createServer({ key, cert }, (request, response) => {
    const { hostname, port } = new URL(nextApi());
    const { method, headers, url: path } = request;
    const forwarded = forward({ hostname, port, method, headers, path }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.writeHead(502).end());
    request.pipe(forwarded);
  });
  server.on('upgrade', (request, client: Duplex, head) => {
    const { hostname, port } = new URL(nextGateway());
    const gateway = connect(Number(port), hostname);
    gateway.write(Buffer.concat([requestHead(request), head]));
    for (const [from, to] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => to.destroy())
        .on('close', () => {
          sockets.delete(from);
          to.end();
        })
        .pipe(to);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    routeTo(others) {
      nextGateway = inTurn(others);
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function inTurn(all: readonly string[]): () => string {
  let index = 0;
  return () => all[index++ % all.length]!;
}

/** A request as it came, but for its body. */
function requestHead({ method, url, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
