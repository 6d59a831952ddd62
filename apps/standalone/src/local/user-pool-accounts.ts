import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  ListGroupsCommand,
  ListUsersCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { LocalSettings, LocalUser } from '#libs/api-definition';
import type { LocalState } from '../data-folder.js';
import type { LocalUserPoolAddress } from '../dev-file.js';

/** A client of the local user pool service, with the ordinary Cognito API. */
export function userPoolClient(endpoint: string, region: string): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

/** Makes the user pool and its app client, at the first start; their ids stay in `state`. */
export async function ensureUserPool(
  client: CognitoIdentityProviderClient,
  poolName: string,
  state: LocalState,
): Promise<{ userPoolId: string; clientId: string }> {
  if (!state.userPoolId) {
    const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName: poolName }));
    state.userPoolId = UserPool!.Id!;
  }
  if (!state.clientId) {
    const { UserPoolClient } = await client.send(
      new CreateUserPoolClientCommand({ UserPoolId: state.userPoolId, ClientName: poolName }),
    );
    state.clientId = UserPoolClient!.ClientId!;
  }
  return { userPoolId: state.userPoolId, clientId: state.clientId };
}

/** Makes the groups and users of the definition that are missing. What is there is left as it is: it may have been changed. */
export async function ensureAccounts(
  client: CognitoIdentityProviderClient,
  { userPoolId, clientId }: LocalUserPoolAddress,
  { groups, users }: Pick<LocalSettings, 'groups' | 'users'>,
): Promise<void> {
  const { Groups = [] } = await client.send(new ListGroupsCommand({ UserPoolId: userPoolId }));
  for (const group of groups) {
    if (Groups.some(({ GroupName }) => GroupName === group)) continue;
    await client.send(new CreateGroupCommand({ UserPoolId: userPoolId, GroupName: group }));
  }
  const { Users = [] } = await client.send(new ListUsersCommand({ UserPoolId: userPoolId }));
  for (const user of users) {
    if (Users.some(({ Username }) => Username === user.username)) continue;
    await createUser(client, userPoolId, clientId, user);
  }
}

async function createUser(
  client: CognitoIdentityProviderClient,
  userPoolId: string,
  clientId: string,
  { username, password, attributes, groups }: LocalUser,
): Promise<void> {
  const userAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  await client.send(
    new SignUpCommand({ ClientId: clientId, Username: username, Password: password, UserAttributes: userAttributes }),
  );
  await client.send(new AdminConfirmSignUpCommand({ UserPoolId: userPoolId, Username: username }));
  for (const group of groups) {
    await client.send(new AdminAddUserToGroupCommand({ UserPoolId: userPoolId, Username: username, GroupName: group }));
  }
}

/** Logs a user in with the password. Throws what Cognito answers. */
export async function logIn(
  client: CognitoIdentityProviderClient,
  clientId: string,
  username: string,
  password: string,
): Promise<{ readonly idToken: string; readonly accessToken: string }> {
  const { AuthenticationResult } = await client.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  );
  return { idToken: AuthenticationResult!.IdToken!, accessToken: AuthenticationResult!.AccessToken! };
}
