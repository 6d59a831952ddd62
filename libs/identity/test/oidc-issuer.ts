import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

/** What the API calls itself to the issuer: the audience of access tokens for it. */
export const resource = 'https://boards.example.com';

/** Who may ask for tokens. */
export const client = { id: 'boards-web', secret: 'boards-web-secret' };
const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;

/** A real issuer, made of npm's oidc-provider, with one client and users who need no password. */
export interface OidcIssuer {
  readonly issuer: string;
  /** Takes the code flow as a browser does, and answers with what the client gets for its code. */
  signIn(username: string): Promise<{ readonly id_token: string; readonly access_token: string }>;
  /** The access token of a machine, by the client credentials grant. */
  machineToken(): Promise<string>;
  stop(): Promise<void>;
}

/** Signs ID tokens with `algorithm`, access tokens with RS256. */
export async function startOidcIssuer(algorithm: 'RS256' | 'ES256' | 'PS256' | 'EdDSA'): Promise<OidcIssuer> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const redirectUri = `${issuer}/done`;
  const provider = await createProvider(issuer, redirectUri, algorithm);
  const answer = provider.callback();
  server.on('request', (request, response) => {
    // In place of the page with the login: who is asked for is who it is, and consents.
    if (request.url?.startsWith('/login')) void finishLogin(provider, request, response);
    else void answer(request, response);
  });

  async function askForTokens(body: Readonly<Record<string, string>>) {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as { id_token: string; access_token: string };
  }

  return {
    issuer,
    async signIn(username) {
      const query = new URLSearchParams({
        client_id: client.id,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        max_age: '3600',
        login_hint: username,
      });
      const code = await followToCode(`${issuer}/auth?${query.toString()}`, redirectUri);
      return askForTokens({ grant_type: 'authorization_code', code, redirect_uri: redirectUri });
    },
    async machineToken() {
      return (await askForTokens({ grant_type: 'client_credentials', resource, scope: 'boards' })).access_token;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function createProvider(issuer: string, redirectUri: string, algorithm: string): Promise<Provider> {
  const algorithms = [...new Set(['RS256', algorithm])];
  const keys = algorithms.map(async (alg) => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    return { ...(await exportJWK(privateKey)), kid: `key-${alg}`, alg, use: 'sig' };
  });
  return new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'client_credentials'],
        id_token_signed_response_alg: algorithm as 'RS256',
      },
    ],
    jwks: { keys: await Promise.all(keys) },
    cookies: { keys: ['for tests only'] },
    scopes: ['openid', 'boards'],
    pkce: { required: () => false },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_context, { uid }) => `/login/${uid}` },
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'boards',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3_600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    // Said aloud, so that it prints no hints about defaults.
    ttl: { AccessToken: 3_600, ClientCredentials: 3_600, IdToken: 3_600, Interaction: 60, Session: 60, Grant: 60 },
  });
}

type Handler = Parameters<Provider['interactionDetails']>;

async function finishLogin(provider: Provider, request: Handler[0], response: Handler[1]): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  await provider.interactionFinished(request, response, { login: { accountId: String(params['login_hint']) } });
}

/** Follows redirects with their cookies, until one leads to the client. */
async function followToCode(start: string, redirectUri: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let hop = 0; hop < 10; hop += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url).href;
    if (url.startsWith(redirectUri)) return new URL(url).searchParams.get('code') ?? '';
  }
  throw new Error('The login did not come to an end.');
}
