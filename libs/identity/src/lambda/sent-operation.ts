import { isJsonObject } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import type { SentRequest } from '../credentials.js';

/** The operation of a request, in the words of a Lambda authoriser's event. */
export interface SentOperation {
  /** The GraphQL document. Empty where the request has none. */
  readonly queryString: string;
  /** Absent where the client does not name the operation, as in AppSync. */
  readonly operationName?: string;
  readonly variables: JsonObject;
}

/** What AppSync calls the opening of a connection, which has no document yet (AppSync reference, section 6). */
const connectOperation: SentOperation = { queryString: '', operationName: 'DeepDish:Connect', variables: {} };

/**
 * Reads what a request asks for, before anything of it is checked. Whatever will be executed is read here exactly as the executing
 * side reads it: an authoriser that was shown another document than the one that runs would be no protection. What can't be
 * executed afterwards, such as a body that is no GraphQL request, may be shown in part.
 *
 * @throws UnreadableRequestError for a GET whose address readers could take in more than one way
 */
export function readSentOperation(request: SentRequest): SentOperation {
  if (request.kind === 'connect') return connectOperation;
  return request.method === 'GET' ? readAddress(request) : readBody(request.body);
}

/** A request that is not shown to an authoriser, because others could read it differently. */
export class UnreadableRequestError extends Error {
  override readonly name = 'UnreadableRequestError';
}

/**
 * A JSON object is a request, everything else can only be a bare document (`application/graphql`): no document begins as an object
 * with members does, so the content type, which a client chooses, needs no trust.
 */
function readBody(body: string): SentOperation {
  const request = parseJson(body);
  return isJsonObject(request) ? operationOf(request) : { queryString: body, variables: {} };
}

function readAddress({ path, queryString }: SentRequest): SentOperation {
  // Some readers begin the query at a fragment's sign as well.
  if (path.includes('#')) throw new UnreadableRequestError('The path has a fragment.');
  const parameters = readParameters(queryString);
  return operationOf({
    query: parameters.get('query'),
    operationName: parameters.get('operationName'),
    variables: parseJson(parameters.get('variables') ?? ''),
  });
}

const parameterNames: ReadonlySet<string> = new Set(['query', 'operationName', 'variables']);

/** Strict: a parameter that is there twice, or a percent sign that encodes nothing, is read differently by different readers. */
function readParameters(queryString: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of queryString.split('&')) {
    const [rawName = '', ...rawValue] = pair.split('=');
    const name = decode(rawName);
    if (name === undefined || !parameterNames.has(name)) continue;
    const value = decode(rawValue.join('='));
    if (value === undefined) throw new UnreadableRequestError(`The parameter "${name}" is not percent-encoded.`);
    if (parameters.has(name)) throw new UnreadableRequestError(`The parameter "${name}" is there twice.`);
    parameters.set(name, value);
  }
  return parameters;
}

/** Undefined for what is not percent-encoded as it should be. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // The error says nothing but that.
    return undefined;
  }
}

/** Members of another kind are left out: such a request is refused, whatever else it has. */
function operationOf({ query, operationName, variables }: Partial<Record<string, unknown>>): SentOperation {
  return {
    queryString: typeof query === 'string' ? query : '',
    ...(typeof operationName === 'string' && { operationName }),
    variables: isJsonObject(variables) ? variables : {},
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no error here; the message of the real one would quote the text.
    return undefined;
  }
}
