import type { ApiDefinition, TryStep } from '#libs/api-definition';
import type { DevFile } from './dev-file.js';
import { hintsFor, inOneLine, quoteForShell } from './hints.js';
import type { Hints } from './hints.js';

/**
 * What `npm start` prints when everything is ready: where it is, who may log in, and what to try. `dataDirectory` is the
 * folder as it was given: the commands name it, so that they reach this instance.
 */
export function banner(definition: ApiDefinition, dev: DevFile, devFile: string, dataDirectory: string): string {
  const hints = hintsFor(dataDirectory);
  const steps = definition.local.try.map((step) => tryStep(step, dev, hints));
  const sections = [addresses(definition, dev), people(dev, hints), modes(dev, hints), ...steps];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n\nFor programs: ${devFile}\nStop with Ctrl-C.\n`;
}

function addresses(definition: ApiDefinition, dev: DevFile): string {
  const rows: (readonly [string, string])[] = [
    ['GraphQL', dev.graphqlUrl],
    ['Realtime', `${dev.realtimeUrl}   (subprotocols graphql-transport-ws, and AppSync's graphql-ws)`],
    ['Event streams', dev.streamUrl],
    ['GraphQL, TLS', dev.tlsGraphqlUrl],
    ['Realtime, TLS', dev.tlsRealtimeUrl],
    ['Authority', `${dev.ca}   (trust it for TLS: NODE_EXTRA_CA_CERTS, or the browser's settings)`],
  ];
  if (dev.apiKey) rows.push(['API key', dev.apiKey]);
  if (dev.userPool)
    rows.push([
      'User pool',
      `${dev.userPool.endpoint}   pool ${dev.userPool.userPoolId}, app client ${dev.userPool.clientId}`,
    ]);
  if (dev.oidc) rows.push(['OpenID Connect', `${dev.oidc.issuer}   client ${dev.oidc.clientId}`]);
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return `Starling serves the API "${definition.name}".\n\n${rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`).join('\n')}`;
}

function people({ users }: DevFile, hints: Hints): string {
  if (users.length === 0) return '';
  const lines = users.map(
    ({ username, password, groups }) => `  ${username}   password ${password}   ${groupText(groups)}`,
  );
  return `Users (${hints.token(users[0]!.username)} prints a token):\n\n${lines.join('\n')}`;
}

function groupText(groups: readonly string[]): string {
  if (groups.length === 0) return 'in no group';
  return `in ${groups.join(', ')}`;
}

/** What curl is given in each mode, where there are more than people and keys. */
function modes({ credentials, users, accessKeys }: DevFile, hints: Hints): string {
  const user = users[0]?.username ?? '';
  const rows = [
    ['API key', credentials.apiKey && `-H 'x-api-key: ${credentials.apiKey}'`],
    ['User pool', credentials.userPoolToken && bearing(hints.token(user))],
    ['OpenID Connect', credentials.oidcToken && bearing(hints.token(user, '--oidc'))],
    ['Lambda', credentials.lambdaToken && bearing(hints.token('--lambda'))],
    ...accessKeys.map(({ username }) => [`IAM (${username})`, signing(hints.token(username, '--iam'))] as const),
  ].filter(([, words]) => words);
  if (!credentials.oidcToken && !credentials.lambdaToken && !credentials.iam) return '';
  const width = Math.max(...rows.map(([name]) => name!.length)) + 2;
  const lines = rows.map(([name, words]) => `  ${name!.padEnd(width)}${words}`);
  return `Ways to authenticate, as curl is told (tokens are good for a day):\n\n${lines.join('\n')}`;
}

function bearing(token: string): string {
  return `-H "Authorization: $(${token})"`;
}

/** Any region will do. */
function signing(pair: string): string {
  return `--aws-sigv4 aws:amz:us-west-2:appsync --user "$(${pair})"`;
}

/** An operation, and the command that runs it. */
function tryStep({ title, as, kind, operation }: TryStep, dev: DevFile, hints: Hints): string {
  const who = as ? ` (as ${as})` : '';
  const indented = operation.replaceAll(/^/gm, '  ');
  const command = kind === 'subscription' ? subscribe(operation, as, dev, hints) : curl(operation, as, dev, hints);
  return `${title}${who}:\n\n${indented}\n\n  ${command}`;
}

function subscribe(operation: string, as: string | null, dev: DevFile, hints: Hints): string {
  if (as === null) return hints.subscribe(operation);
  const mode = isSigner(as, dev) ? ['--iam'] : dev.userPool ? [] : ['--oidc'];
  return hints.subscribe(operation, '--as', as, ...mode);
}

function isSigner(name: string, { users }: DevFile): boolean {
  return !users.some(({ username }) => username === name);
}

function curl(operation: string, as: string | null, dev: DevFile, hints: Hints): string {
  const credentials = as ? credentialsOf(as, dev, hints) : `-H 'x-api-key: ${dev.apiKey ?? ''}'`;
  const body = quoteForShell(JSON.stringify({ query: inOneLine(operation) }));
  return `curl -s ${dev.graphqlUrl} -H 'content-type: application/json' ${credentials} \\\n    -d ${body}`;
}

function credentialsOf(name: string, dev: DevFile, hints: Hints): string {
  if (isSigner(name, dev)) return signing(hints.token(name, '--iam'));
  return bearing(hints.token(name, ...(dev.userPool ? [] : ['--oidc'])));
}
