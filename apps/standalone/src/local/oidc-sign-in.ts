import { StartError } from '#libs/config';
import type { LocalIssuerAddress } from '../dev-file.js';

/** The ID token of a user of the local issuer. Throws a StartError that says what is wrong. */
export async function oidcToken(
  { issuer, tokenEndpoint, clientId }: LocalIssuerAddress,
  username: string,
  password: string,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: clientId,
    scope: 'openid',
    username,
    password,
  });
  const response = await fetch(tokenEndpoint, { method: 'POST', body }).catch((cause: unknown) => {
    throw new StartError(`Nothing listens at ${issuer}. Is npm start running?`, { cause });
  });
  const answer = (await response.json()) as { id_token?: string; error?: string; error_description?: string };
  if (answer.id_token === undefined)
    throw new StartError(`${username} could not sign in: ${answer.error}: ${answer.error_description}`);
  return answer.id_token;
}
