import { createServer } from 'node:https';
import { once } from 'node:events';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Module } from '@nestjs/common';
import { ApiModule, corsOptions, createHttpAdapter } from '#apps/api';
import type { ApiParts } from '#apps/api';
import { EventStreamServer, GatewayModule, RealtimeServer } from '#apps/gateway';
import type { GatewayParts } from '#apps/gateway';
import { listenOrExplain } from '#libs/config';
import { NestLogger } from '#libs/observability';
import type { LocalCertificate } from './local/certificate.js';

/** The interface everything listens on: what runs here has well-known passwords and is nobody else's business. */
export const host = '127.0.0.1';

@Module({})
class StandaloneModule {}

export interface ServeOptions {
  readonly parts: ApiParts & Omit<GatewayParts, 'api'>;
  readonly port: number;
  readonly tlsPort: number;
  readonly certificate: LocalCertificate;
}

/** Serves the api and the gateway on one port, and again with TLS on another. Resolves with what stops them. */
export async function serve({ parts, port, tlsPort, certificate }: ServeOptions): Promise<() => Promise<void>> {
  const { allowedOrigins, trustedProxies } = parts.options;
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: StandaloneModule,
      imports: [ApiModule.register({ ...parts, isEvaluationServed: true }), GatewayModule.register(parts)],
    },
    createHttpAdapter(parts.metrics, { allowedOrigins, trustedProxies }),
    { bodyParser: false, logger: new NestLogger(parts.logger), abortOnError: false, forceCloseConnections: true },
  );
  app.enableCors(corsOptions(allowedOrigins));
  const realtime = app.get(RealtimeServer);
  realtime.attach(app.getHttpServer());

  const fastify = app.getHttpAdapter().getInstance();
  app.get(EventStreamServer).attach(fastify);
  const tlsServer = createServer({ key: certificate.key, cert: certificate.cert }, (request, reply) =>
    fastify.routing(request, reply),
  );
  realtime.attach(tlsServer);

  const close = async (): Promise<void> => {
    await app.close();
    if (!tlsServer.listening) return;
    const closed = once(tlsServer, 'close');
    tlsServer.close();
    tlsServer.closeAllConnections();
    await closed;
  };
  try {
    await app.init();
    // Not through Nest, which would log a taken port in its own words first.
    await listenOrExplain('PORT', port, () => fastify.listen({ port, host }));
    await listenOrExplain('TLS_PORT', tlsPort, async () => {
      tlsServer.listen(tlsPort, host);
      await once(tlsServer, 'listening');
    });
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}
