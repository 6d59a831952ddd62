import { getOperationAST, parse } from 'graphql';
import type { LogEntry } from '#libs/event-log';
import type { Identity } from '#libs/identity';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { executeOperation, fragmentsOf, logEntries, RequestContext, validateDocument } from '../src/index.js';
import type { AppSyncError, ExecutableApi, RequestInput } from '../src/index.js';

/** Who sent an API key. */
export const keyHolder: Identity = {
  mode: 'API_KEY',
  authType: 'API Key Authorization',
  context: null,
  groups: [],
  subject: null,
  expiresAtMs: null,
  allowsField: null,
};

/** A user of the pool, in these groups. */
export function user(username: string, ...groups: string[]): Identity {
  return {
    mode: 'AMAZON_COGNITO_USER_POOLS',
    authType: 'User Pool Authorization',
    context: { username, groups },
    groups,
    subject: `sub-of-${username}`,
    expiresAtMs: null,
    allowsField: null,
  };
}

export interface Request extends Partial<RequestInput> {
  readonly variables?: JsonObject;
}

/** What came of an operation, as JSON. */
export interface Executed {
  readonly data: JsonValue;
  readonly errors: readonly AppSyncError[];
  /** What a mutation appends to the log, its payloads parsed. */
  readonly entries: readonly (Omit<LogEntry, 'payload'> & { readonly payload: JsonValue })[];
}

/** Executes a valid document with one operation, as a holder of an API key unless the request says otherwise. */
export async function execute(api: ExecutableApi, text: string, request: Request = {}): Promise<Executed> {
  const { variables = {}, ...input } = request;
  const document = parse(text);
  const faults = validateDocument(api, document);
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('\n'));
  const operation = getOperationAST(document)!;
  const context = new RequestContext({ identity: keyHolder, headers: {}, requestId: 'request-1', ...input });
  const { data, errors } = await executeOperation({ api, document, operation, variables, context });
  const entries = logEntries({ api, fragments: fragmentsOf(document), operation, context, data }).map((entry) => ({
    ...entry,
    payload: JSON.parse(entry.payload) as JsonValue,
  }));
  return JSON.parse(JSON.stringify({ data, errors, entries })) as Executed;
}
