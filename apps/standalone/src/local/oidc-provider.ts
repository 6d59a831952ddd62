import { timingSafeEqual } from 'node:crypto';
import type { JWK } from 'jose';
import Provider, { errors } from 'oidc-provider';

/** What the local issuer is told when it starts. */
export interface OidcProviderOptions {
  /** Its address: `iss` of its tokens, to the letter. */
  readonly issuer: string;
  /** The one client, which has no secret: `aud` of ID tokens. */
  readonly clientId: string;
  /** A private key for RS256. */
  readonly signingKey: JWK;
  /** Encrypts cookies, which nothing here sets. */
  readonly cookieSecret: string;
  readonly users: readonly OidcUser[];
}

export interface OidcUser {
  /** `sub` and `preferred_username` of its tokens. */
  readonly username: string;
  readonly password: string;
  /** Claim `groups`; absent where there are none. */
  readonly groups: readonly string[];
  /** Further claims. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** How long tokens are good, in seconds: a day, as those of the local user pool. */
export const tokenLifetimeS = 86_400;

/**
 * An OpenID Connect issuer for a laptop, made of npm's oidc-provider. Users get tokens for their passwords (`grant_type=password`), which
 * needs no browser; there is no page to log in on.
 */
export function createOidcProvider({
  issuer,
  clientId,
  signingKey,
  cookieSecret,
  users,
}: OidcProviderOptions): Provider {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['password'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    // A web page on another port asks for tokens as well.
    clientBasedCORS: () => true,
    cookies: { keys: [cookieSecret] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, accountId) => {
      const user = users.find(({ username }) => username === accountId);
      return user && { accountId, claims: () => claimsOf(user) };
    },
    jwks: { keys: [{ ...signingKey, alg: 'RS256', use: 'sig' }] },
    ttl: { AccessToken: tokenLifetimeS, IdToken: tokenLifetimeS },
  });
  provider.registerGrantType<{ readonly username?: string; readonly password?: string }>(
    'password',
    async (context) => {
      const { client, params } = context.oidc;
      const user = users.find(({ username }) => username === params.username);
      if (!user || !isSame(user.password, params.password ?? ''))
        throw new errors.InvalidGrant('wrong username or password');
      const claims = { sub: user.username };
      context.oidc.entity('Account', { accountId: user.username, claims: () => claims });
      const accessToken = new provider.AccessToken({
        accountId: user.username,
        client,
        grantId: user.username,
        gty: 'password',
        scope: 'openid',
      });
      const idToken = new provider.IdToken(claims, { ctx: context });
      Object.assign(idToken, { scope: 'openid' });
      for (const [name, value] of Object.entries(claimsOf(user))) idToken.set(name, value);
      idToken.set('auth_time', Math.floor(Date.now() / 1000));
      context.body = {
        access_token: await accessToken.save(),
        id_token: await idToken.issue({ use: 'idtoken' }),
        token_type: 'Bearer',
        expires_in: tokenLifetimeS,
        scope: 'openid',
      };
    },
    ['username', 'password', 'scope'],
  );
  return provider;
}

function claimsOf({ username, groups, attributes }: OidcUser): { sub: string; [claim: string]: unknown } {
  return {
    ...attributes,
    ...(groups.length > 0 && { groups: [...groups] }),
    preferred_username: username,
    sub: username,
  };
}

function isSame(password: string, given: string): boolean {
  const [a, b] = [Buffer.from(password), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
