import { createHash } from 'node:crypto';
import { RequestError } from '#libs/protocol';
import type { Credentials } from '../credentials.js';
import { authTypes } from '../identity.js';
import type { Identity } from '../identity.js';
import { refuse } from '../refuse.js';
import type { Verifier } from '../verifier.js';
import { AnswerCache } from './answer-cache.js';
import { askAuthoriser } from './ask-authoriser.js';
import type { InvokeAuthoriser } from './ask-authoriser.js';
import type { Permission } from './authoriser-answer.js';
import type { ImplementationsOf } from './denied-fields.js';
import { compileTokenPattern } from './token-pattern.js';

export interface LambdaVerifierOptions {
  /** Names the API in events, and in the ARNs of `deniedFields`. */
  readonly apiId: string;
  /** `accountId` of events. Default twelve zeros: nobody's account. */
  readonly accountId?: string;
  /** Of the schema: a denied field of an interface is denied on every type that has it. Default: there are no interfaces. */
  readonly implementationsOf?: ImplementationsOf;
  /** Of the schema: whether a type has the field. Denied fields that it has not are told to `onFault`. Default: it has all. */
  readonly hasField?: (typeName: string, fieldName: string) => boolean;
  /** Runs the function. */
  readonly invoke: InvokeAuthoriser;
  /** How long an answer is kept that does not say so itself (`ttlOverride`), in milliseconds. Default 0: for its request only. */
  readonly ttlMs?: number;
  /** What the whole token must match before the function is asked. Default: any token will do. */
  readonly identityValidationExpression?: string | undefined;
  /** Longest wait for an answer, in milliseconds. Default 10,000, AppSync's limit. */
  readonly timeoutMs?: number;
  /**
   * Calls that wait for an answer at one time; who comes on top is told to come again. Default 256: a quarter of what an AWS account
   * runs at once by default, so that tokens which anybody can make up neither exhaust the function nor pile up here.
   */
  readonly maxPending?: number;
  /** Answers that are kept, each of those that let in and those that do not. Default 10,000. */
  readonly maxCacheEntries?: number;
  /** Size of the answers that are kept and let in, in bytes. Default 64 MiB. */
  readonly maxCacheBytes?: number;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /**
   * Told of everything that is the function's fault and not the client's: it can't be asked, fails, or answers what it must not.
   * `text` says which; the error says more, and holds no token. Default: nobody.
   */
  readonly onFault?: (error: Error, text: string) => void;
}

/**
 * Longest token, in characters. 16,384, as for tokens of the other modes: headers of an HTTP request end there anyway, and a
 * message on a WebSocket must not be a way around that.
 */
const maxTokenLength = 16_384;

/** Answers of this size and more are not kept, in bytes: AppSync's limit. */
const maxKeptBytes = 1024 * 1024;

/** Names that are no field, of which the log is told: a function may make up any number. */
const maxUnknownFields = 100;

/** Let in as somebody, or not. */
type Decision = Identity | 'denied';

interface Outcome {
  readonly decision: Decision;
  /** True when the answer is good for other requests as well. */
  readonly isKept: boolean;
}

/**
 * Asks a Lambda authoriser who a request is (AppSync reference, section 6). Claims whatever stands in `authorization`, since
 * its tokens may look like anything; the authenticator asks the other modes first.
 *
 * Answers are kept by token, refusals included, and while they are kept the function is not told of further requests. Where the API keeps
 * answers, requests that come at once with one token wait for one call.
 *
 * Throws at once on an `identityValidationExpression` that cannot be used.
 */
export function createLambdaVerifier(options: LambdaVerifierOptions): Verifier {
  const { ttlMs = 0, timeoutMs = 10_000, maxCacheEntries = 10_000, maxCacheBytes = 64 * 1024 * 1024 } = options;
  const { apiId, accountId = '000000000000', invoke, implementationsOf } = options;
  const { clock = Date.now, onFault = () => undefined } = options;
  const { maxPending = 256, hasField = () => true } = options;
  const call = { apiId, accountId, invoke, implementationsOf, timeoutMs, onFault };
  const isExpected = compileTokenPattern(options.identityValidationExpression);
  const permitted = new AnswerCache<Identity>({ maxEntries: maxCacheEntries, maxBytes: maxCacheBytes, clock });
  // By themselves, so that a stream of bad tokens does not push out the good ones.
  const denied = new AnswerCache<'denied'>({ maxEntries: maxCacheEntries, maxBytes: maxCacheBytes, clock });
  const underWay = new Map<string, Promise<Outcome>>();
  let pending = 0;
  const unknownFields = new Set<string>();

  async function decide(token: string, credentials: Credentials): Promise<Decision> {
    const key = createHash('sha256').update(token).digest('base64');
    const kept = permitted.get(key) ?? denied.get(key);
    if (kept !== undefined) return kept;
    const others = underWay.get(key);
    if (others) {
      const { decision, isKept } = await others;
      // An answer that may not be kept is for the request it was made for.
      return isKept ? decision : (await ask(key, token, credentials)).decision;
    }
    const asking = ask(key, token, credentials);
    if (ttlMs > 0) underWay.set(key, asking);
    try {
      return (await asking).decision;
    } finally {
      underWay.delete(key);
    }
  }

  async function ask(key: string, token: string, credentials: Credentials): Promise<Outcome> {
    if (pending >= maxPending) throw refuseFull();
    pending += 1;
    const asked = await askAuthoriser(token, credentials, call).finally(() => (pending -= 1));
    if (asked.kind === 'unusable') return { decision: 'denied', isKept: false };
    const { answer, bytes } = asked;
    if (answer.isAuthorized) reportUnknown(answer);
    const decision = answer.isAuthorized ? toIdentity(answer) : 'denied';
    const keepMs = answer.ttlMs ?? ttlMs;
    const isKept = keepMs > 0 && bytes < maxKeptBytes;
    if (isKept) keep(key, decision, keepMs, bytes);
    return { decision, isKept };
  }

  /** Once for each name: a misspelt field stays open, and nothing else would show it. */
  function reportUnknown({ denied }: Permission): void {
    const unknown = denied.named.filter((name) => {
      const [typeName, fieldName] = name.split('.') as [string, string];
      return !unknownFields.has(name) && !hasField(typeName, fieldName);
    });
    for (const name of unknown.slice(0, maxUnknownFields - unknownFields.size)) {
      unknownFields.add(name);
      onFault(
        new Error(`deniedFields has ${name}.`),
        'The Lambda authorizer denied a field that the schema does not have.',
      );
    }
  }

  function refuseFull(): RequestError {
    const cause = new Error(`${maxPending} calls of the authorizer are waiting already.`);
    onFault(cause, 'The Lambda authorizer is asked more than it answers.');
    return new RequestError('INTERNAL_FAILURE', 'Credentials cannot be verified at the moment.', { cause });
  }

  /** The latest answer counts, whatever was kept of a call beside it. */
  function keep(key: string, decision: Decision, keepMs: number, bytes: number): void {
    permitted.delete(key);
    denied.delete(key);
    if (decision === 'denied') denied.set(key, decision, { ttlMs: keepMs, bytes: 0 });
    else permitted.set(key, decision, { ttlMs: keepMs, bytes });
  }

  return Object.freeze({
    mode: 'AWS_LAMBDA',
    claims: (credentials) => readToken(credentials) !== '',
    async verify(credentials) {
      const token = readToken(credentials);
      if (token === '') throw refuse('missing');
      if (token.length > maxTokenLength) {
        throw refuse(
          'refused',
          new Error(`The token has ${token.length} characters; at most ${maxTokenLength} are allowed.`),
        );
      }
      if (!isExpected(token)) {
        throw refuse('refused', new Error('The token does not match identityValidationExpression.'));
      }
      const decision = await decide(token, credentials);
      if (decision === 'denied') throw refuse('refused', new Error('The authorizer did not let it in.'));
      return decision;
    },
  } satisfies Verifier);
}

/** As it was sent, its scheme included: that is what AppSync shows functions. Blanks around it do not reach an HTTP server. */
function readToken(credentials: Credentials): string {
  return credentials.headers['authorization']?.trim() ?? '';
}

/** Names nobody by itself: what the function knows of its bearer is in the `resolverContext`. */
function toIdentity({ resolverContext, denied }: Permission): Identity {
  return Object.freeze({
    mode: 'AWS_LAMBDA',
    authType: authTypes.AWS_LAMBDA,
    context: Object.freeze({ resolverContext }),
    groups: Object.freeze([]),
    subject: null,
    // As in AppSync, a connection is not ended by an answer that is not kept any longer.
    expiresAtMs: null,
    allowsField: denied.allowsField,
  });
}
