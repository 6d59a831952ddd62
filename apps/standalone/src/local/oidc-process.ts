import { once } from 'node:events';
import { createServer } from 'node:http';
import { createOidcProvider } from './oidc-provider.js';
import type { OidcProviderOptions } from './oidc-provider.js';

/**
 * The child process that the local OpenID Connect issuer runs in: as another company's login service, it shares nothing with those
 * who verify its tokens but its address. It ends with the parent, even one that was killed.
 */
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches every process of the terminal; the parent ends us when nobody needs us any more.
process.on('SIGINT', () => undefined);

const [options] = (await once(process, 'message')) as [OidcProviderOptions];
const answer = createOidcProvider(options).callback();
const { port } = new URL(options.issuer);
const server = createServer((request, response) => void answer(request, response)).listen(Number(port), '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`Process ${process.pid} listens at ${options.issuer}\n`);
