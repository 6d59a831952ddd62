// node load-tests/make-tokens.mjs: makes the tokens of a load test beforehand, one on each line (TOKENS_FILE).
/* global fetch */
import { Buffer } from 'node:buffer';
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { URLSearchParams } from 'node:url';
import { parseArgs } from 'node:util';

const usage = `node load-tests/make-tokens.mjs WAY --out FILE [options]

Writes tokens into FILE, one on each line, for TOKENS_FILE of the load tests.

  cognito   users of a Cognito user pool: makes load-1, load-2 and so on where they are missing, gives them a new password, logs them in
    --pool ID, --client ID   the user pool and an app client with ALLOW_USER_PASSWORD_AUTH
    --endpoint URL           of a user pool that is not AWS's, such as http://localhost:9229 of npm start
  oidc      tokens of an OpenID Connect issuer, by client credentials
    --token-url URL, --client ID   the secret is in the environment variable CLIENT_SECRET
    --scope TEXT, --audience NAME, --resource URI   where the issuer wants them: many give a JWT only for an audience or a resource
  own-key   tokens of a key that is made now, and published until the program is ended; the servers are started with
            COGNITO_ENDPOINT=http://HOST:PORT COGNITO_USER_POOL_ID=us-west-2_load
    --host NAME, --port N    where the servers find the key; default localhost, 9300
    --hours N                how long they are good, default 2

  --count N   how many tokens, default 100
`;

const pool = 'us-west-2_load';

const ways = {
  /** Needs rights for AdminCreateUser and AdminSetUserPassword. Credentials are those of AWS's own chain. */
  async cognito({ pool: UserPoolId, client: ClientId, endpoint, count }) {
    demand({ pool: UserPoolId, client: ClientId });
    const sdk = await import('@aws-sdk/client-cognito-identity-provider');
    const region = UserPoolId.split('_')[0];
    // A stand-in asks for no credentials of AWS, and the SDK insists on some.
    const local = endpoint && { endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const client = new sdk.CognitoIdentityProviderClient({ region, ...local });
    const password = `Aa1!${randomBytes(18).toString('base64url')}`;
    return inTurn(count, async (number) => {
      const Username = `load-${number}`;
      const user = { UserPoolId, Username };
      const attributes = [{ Name: 'email', Value: `${Username}@example.com` }];
      await client
        .send(new sdk.AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS', UserAttributes: attributes }))
        .catch((error) => {
          if (error.name !== 'UsernameExistsException') throw error;
        });
      await client.send(new sdk.AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
      const parameters = { USERNAME: Username, PASSWORD: password };
      const login = { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: parameters };
      return (await client.send(new sdk.InitiateAuthCommand(login))).AuthenticationResult.IdToken;
    });
  },

  async oidc({ 'token-url': url, client: clientId, scope, audience, resource, count }) {
    const clientSecret = process.env.CLIENT_SECRET;
    demand({ 'token-url': url, client: clientId, CLIENT_SECRET: clientSecret });
    const secret = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString(
      'base64',
    );
    const wanted = Object.entries({ scope, audience, resource }).filter(([, value]) => value);
    return inTurn(count, async () => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Basic ${secret}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams([['grant_type', 'client_credentials'], ...wanted]),
      });
      const body = await response.text();
      if (!response.ok) throw new Error(`${url} answers ${response.status}: ${body.slice(0, 300)}`);
      return JSON.parse(body).access_token;
    });
  },

  async 'own-key'({ host, port, hours, count }) {
    const { exportJWK, generateKeyPair, SignJWT } = await import('jose');
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const kid = randomUUID();
    const key = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
    const issuer = `http://${host}:${port}/${pool}`;
    await publish(port, {
      [`/${pool}/.well-known/jwks.json`]: { keys: [key] },
      [`/${pool}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/.well-known/jwks.json` },
    });
    return inTurn(count, (number) => {
      const username = `load-${number}`;
      const claims = { token_use: 'id', 'cognito:username': username, email: `${username}@example.com` };
      return new SignJWT({ ...claims, auth_time: Math.floor(Date.now() / 1_000) })
        .setProtectedHeader({ alg: 'RS256', kid })
        .setIssuer(issuer)
        .setAudience('load')
        .setSubject(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${hours}h`)
        .sign(privateKey);
    });
  },
};

/** Answers JSON at a few paths until the process ends. */
async function publish(port, documents) {
  const server = createServer(({ url }, response) => {
    if (documents[url]) response.setHeader('content-type', 'application/json').end(JSON.stringify(documents[url]));
    else response.writeHead(404).end();
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(Number(port), resolve));
}

/** One after the other: user pools have rate limits. */
async function inTurn(count, make) {
  const tokens = [];
  for (let number = 1; number <= count; number++) tokens.push(await make(number));
  return tokens;
}

/** Ends with the usage where something is missing. */
function demand(values) {
  for (const [name, value] of Object.entries(values))
    if (!value) throw new UsageError(`${name === name.toUpperCase() ? name : `--${name}`} is missing`);
}

class UsageError extends Error {}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      count: { type: 'string', default: '100' },
      pool: { type: 'string' },
      client: { type: 'string' },
      endpoint: { type: 'string' },
      'token-url': { type: 'string' },
      scope: { type: 'string' },
      audience: { type: 'string' },
      resource: { type: 'string' },
      host: { type: 'string', default: 'localhost' },
      port: { type: 'string', default: '9300' },
      hours: { type: 'string', default: '2' },
    },
  });
  const make = ways[positionals[0]];
  if (make === undefined) throw new UsageError('say how: cognito, oidc or own-key');
  demand({ out: values.out });
  const count = Number(values.count);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`--count must be a whole number, not "${values.count}"`);
  const tokens = await make({ ...values, count });
  // Nobody else's to read.
  await writeFile(values.out, `${tokens.join('\n')}\n`, { mode: 0o600 });
  process.stdout.write(`${tokens.length} tokens are in ${values.out}\n`);
}

main().catch((error) => {
  const isUsage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(isUsage ? `${error.message}\n\n${usage}` : `${error.name}: ${error.message}\n`);
  process.exit(1);
});
