import { FieldError, unauthorizedTexts } from '#libs/protocol';
import type { JsonObject } from '#libs/protocol';
import { describe, expect, it, vi } from 'vitest';
import { connectRequest, readCredentials, startRequest } from '../credentials.js';
import type { Credentials } from '../credentials.js';
import type { AuthoriserReply, InvokeAuthoriser } from './ask-authoriser.js';
import { createLambdaVerifier } from './lambda-verifier.js';
import type { LambdaVerifierOptions } from './lambda-verifier.js';

const token = 'Bearer secret-of-jdoe';
const query = 'query ListBoards { listBoards { id } }';

const asJdoe = (requestId = 'r1', authorization = token): Credentials =>
  readCredentials(
    { authorization, 'X-Board': 'b1' },
    ['10.0.0.1'],
    startRequest('/graphql', JSON.stringify({ query, operationName: 'ListBoards' }), requestId),
  );

const result = (answer: unknown): AuthoriserReply => ({ kind: 'result', payload: JSON.stringify(answer) });
const failure = (errorType: string): AuthoriserReply => ({
  kind: 'failure',
  payload: JSON.stringify({ errorType, errorMessage: `no ${token}` }),
});

/** A verifier whose function answers what `reply` says, with a clock that stands still. */
function create(
  reply: (event: JsonObject) => AuthoriserReply | Promise<AuthoriserReply>,
  options: Partial<LambdaVerifierOptions> = {},
) {
  let nowMs = 1_000_000;
  const events: JsonObject[] = [];
  const onFault = vi.fn<(error: Error, text: string) => void>();
  const invoke = vi.fn<InvokeAuthoriser>(async (text) => {
    const event = JSON.parse(text) as JsonObject;
    events.push(event);
    return reply(event);
  });
  const verifier = createLambdaVerifier({ apiId: 'boards', invoke, clock: () => nowMs, onFault, ...options });
  return { verifier, events, invoke, onFault, pass: (ms: number) => (nowMs += ms) };
}

const allow = (more: object = {}) => create(() => result({ isAuthorized: true, ...more }));

describe('the credentials of a Lambda authoriser', () => {
  it.each([
    ['secret', true],
    ['Bearer secret', true],
    ['AWS4-HMAC-SHA256 Credential=AKID', true],
    ['', false],
    ['  ', false],
    [undefined, false],
  ])('should be whatever stands in authorization: %j', (authorization, isClaimed) => {
    expect(allow().verifier.claims(readCredentials({ authorization }, []))).toBe(isClaimed);
  });

  it('should be missing without it', async () => {
    const { verifier, invoke } = allow();
    await expect(verifier.verify(readCredentials({}, []))).rejects.toThrow(unauthorizedTexts.missing);
    expect(invoke).not.toHaveBeenCalled();
  });
});

describe('the event', () => {
  it('should be that of AppSync', async () => {
    const { verifier, events } = allow();
    await verifier.verify(asJdoe());
    expect(events).toEqual([
      {
        authorizationToken: token,
        requestContext: {
          apiId: 'boards',
          accountId: '000000000000',
          requestId: 'r1',
          queryString: query,
          operationName: 'ListBoards',
          variables: {},
        },
        requestHeaders: { authorization: token, 'x-board': 'b1' },
      },
    ]);
  });

  it('should tell of the opening of a connection', async () => {
    const { verifier, events } = allow();
    await verifier.verify(readCredentials({ authorization: token }, [], connectRequest('/graphql', 'r2')));
    expect(events[0]).toHaveProperty('requestContext', {
      apiId: 'boards',
      accountId: '000000000000',
      requestId: 'r2',
      queryString: '',
      operationName: 'DeepDish:Connect',
      variables: {},
    });
  });

  it('should not be sent for credentials without a request', async () => {
    const { verifier, invoke } = allow();
    await expect(verifier.verify(readCredentials({ authorization: token }, []))).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      cause: { message: 'An authorizer must be told of the request, and there is none.' },
    });
    expect(invoke).not.toHaveBeenCalled();
  });

  it('should not be sent when it is larger than a function takes', async () => {
    const { verifier, invoke } = allow();
    const request = startRequest('/graphql', 'a'.repeat(6_291_556), 'r1');
    await expect(verifier.verify(readCredentials({ authorization: token }, [], request))).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      cause: { message: expect.stringMatching(/at most 6291556 are allowed/) as string },
    });
    expect(invoke).not.toHaveBeenCalled();
  });
});

describe('identityValidationExpression', () => {
  it.each([
    ['Bearer .*', true],
    ['^Bearer secret-of-\\w+$', true],
    ['secret', false],
    ['Bearer', false],
    ['(B+)+x', false],
  ])('should let a token through to the function: %s, %s', async (identityValidationExpression, isAsked) => {
    const { verifier, invoke } = create(() => result({ isAuthorized: true }), { identityValidationExpression });
    const verified = verifier.verify(asJdoe());
    if (isAsked) await verified;
    else await expect(verified).rejects.toMatchObject({ code: 'UNAUTHORIZED', message: unauthorizedTexts.refused });
    expect(invoke).toHaveBeenCalledTimes(isAsked ? 1 : 0);
  });

  it('should be refused at start when it is none', () => {
    expect(() => create(() => result({}), { identityValidationExpression: '(' })).toThrow('is no regular expression');
    expect(() => create(() => result({}), { identityValidationExpression: 'a'.repeat(1_001) })).toThrow(
      'at most 1000 are allowed',
    );
  });

  it('should take no time on what backtracking engines die of', async () => {
    const { verifier } = create(() => result({}), { identityValidationExpression: '(a+)+b' });
    const startedAtMs = performance.now();
    await expect(verifier.verify(asJdoe('r1', 'a'.repeat(16_384)))).rejects.toThrow(unauthorizedTexts.refused);
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  });
});

describe('a token of 100 KB', () => {
  it('should be refused, and the function not asked', async () => {
    const { verifier, invoke } = allow();
    await expect(verifier.verify(asJdoe('r1', 'a'.repeat(100_000)))).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      message: unauthorizedTexts.refused,
      cause: { message: 'The token has 100000 characters; at most 16384 are allowed.' },
    });
    expect(invoke).not.toHaveBeenCalled();
  });
});

describe('somebody who is let in', () => {
  it('should be known by the resolverContext', async () => {
    const identity = await allow({ resolverContext: { userId: 'jdoe', level: 3 } }).verifier.verify(asJdoe());
    expect(identity).toEqual({
      mode: 'AWS_LAMBDA',
      authType: 'Lambda Authorization',
      context: { resolverContext: { userId: 'jdoe', level: 3 } },
      groups: [],
      subject: null,
      expiresAtMs: null,
      allowsField: null,
    });
    expect(identity).toSatisfy(Object.isFrozen);
  });

  it('should not access denied fields', async () => {
    const identity = await allow({ deniedFields: ['Board.secret'] }).verifier.verify(asJdoe());
    expect(identity.allowsField?.('Board', 'secret')).toBe(false);
    expect(identity.allowsField?.('Board', 'id')).toBe(true);
  });

  it('should access no field when one of them can not be read, and the log be told', async () => {
    const { verifier, onFault } = allow({ deniedFields: ['*', `Board.${token}`] });
    const identity = await verifier.verify(asJdoe());
    expect(identity.allowsField?.('Board', 'id')).toBe(false);
    expect(onFault).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: 'deniedFields has "*", "Board.***".' }),
      'The Lambda authorizer denied a field that is none, so every field was denied.',
    );
  });
});

describe('somebody who is not let in', () => {
  it('should be refused with the text of AppSync, and the log not be troubled', async () => {
    const { verifier, onFault } = create(() => result({ isAuthorized: false, resolverContext: [], deniedFields: 3 }));
    await expect(verifier.verify(asJdoe())).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      status: 401,
      message: 'You are not authorized to make this call.',
      cause: { message: 'The authorizer did not let it in.' },
    });
    expect(onFault).not.toHaveBeenCalled();
  });

  it.each([
    ['an empty answer', result({})],
    ['no answer at all', { kind: 'result', payload: '' } as const],
    ['an answer that is no JSON', { kind: 'result', payload: `<p>${token}</p>` } as const],
    ['a text for a claim', result({ isAuthorized: 'true' })],
    ['a nested resolverContext', result({ isAuthorized: true, resolverContext: { board: {} } })],
    ['an exception', failure('Error')],
    ['an exception whose name is a token', failure(token)],
  ])('should be refused by %s, which the log is told without the token', async (_, reply) => {
    const { verifier, onFault } = create(() => reply, { ttlMs: 60_000 });
    const refusal = verifier.verify(asJdoe());
    await expect(refusal).rejects.toMatchObject({ code: 'UNAUTHORIZED', message: unauthorizedTexts.refused });
    expect(onFault).toHaveBeenCalledExactlyOnceWith(
      expect.any(Error),
      'The Lambda authorizer gave no usable answer, so the request was refused.',
    );
    expect(textOf(onFault.mock.calls[0])).not.toContain('secret');
    expect(textOf(await refusal.catch((error: unknown) => error))).not.toContain('secret');
  });
});

describe('a function that can not be asked', () => {
  const unreachable = () => {
    throw new FieldError('The function could not be invoked.', 'Lambda:SdkClientException', null, null, {
      cause: new Error(`500: no ${token}`),
    });
  };

  it.each<[string, () => AuthoriserReply]>([
    ['is not there', unreachable],
    ['took too long', () => failure('Sandbox.Timedout')],
    ['was killed', () => failure('Runtime.ExitError')],
    ['could not be loaded', () => failure('Runtime.ImportModuleError')],
  ])('should be a fault that clients retry when it %s', async (_, reply) => {
    const { verifier, onFault } = create(reply, { ttlMs: 60_000 });
    const failed: unknown = await verifier.verify(asJdoe()).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 'INTERNAL_FAILURE',
      status: 500,
      message: 'Credentials cannot be verified at the moment.',
    });
    expect(onFault).toHaveBeenCalledExactlyOnceWith(expect.any(Error), 'The Lambda authorizer did not answer.');
    expect(textOf(failed)).not.toContain('secret');
    expect(textOf(onFault.mock.calls[0])).not.toContain('secret');
  });

  it('should be asked again by the next request', async () => {
    let isUp = false;
    const { verifier } = create(() => (isUp ? result({ isAuthorized: true }) : unreachable()), { ttlMs: 60_000 });
    await expect(verifier.verify(asJdoe())).rejects.toMatchObject({ code: 'INTERNAL_FAILURE' });
    isUp = true;
    expect(await verifier.verify(asJdoe())).toHaveProperty('mode', 'AWS_LAMBDA');
  });

  it('should not be waited for longer than the time, whether it listens or not', async () => {
    const { verifier, invoke } = create(() => new Promise(() => undefined), { timeoutMs: 20 });
    await expect(verifier.verify(asJdoe())).rejects.toMatchObject({
      code: 'INTERNAL_FAILURE',
      cause: { message: 'There was no answer in 20 ms.' },
    });
    expect(invoke.mock.calls[0]?.[1].aborted).toBe(true);
  });

  it('should not hide a mistake of ours', async () => {
    const { verifier, onFault } = create(() => {
      throw new TypeError('undefined is not a function');
    });
    await expect(verifier.verify(asJdoe())).rejects.toThrow(TypeError);
    expect(onFault).not.toHaveBeenCalled();
  });
});

describe('how long an answer is kept', () => {
  it.each([
    { ttlMs: 0, answer: {}, keptMs: 0 },
    { ttlMs: 60_000, answer: {}, keptMs: 60_000 },
    { ttlMs: 60_000, answer: { ttlOverride: null }, keptMs: 60_000 },
    { ttlMs: 60_000, answer: { ttlOverride: 0 }, keptMs: 0 },
    { ttlMs: 60_000, answer: { ttlOverride: 5 }, keptMs: 5_000 },
    { ttlMs: 0, answer: { ttlOverride: 5 }, keptMs: 5_000 },
    { ttlMs: 0, answer: { ttlOverride: 86_400 }, keptMs: 3_600_000 },
  ])('should be $keptMs ms for $answer where the API says $ttlMs ms', async ({ ttlMs, answer, keptMs }) => {
    for (const isAuthorized of [true, false]) {
      const { verifier, invoke, pass } = create(() => result({ isAuthorized, ...answer }), { ttlMs });
      const ask = () => verifier.verify(asJdoe()).catch(() => undefined);
      await ask();
      if (keptMs > 0) {
        pass(keptMs - 1);
        await ask();
        expect(invoke).toHaveBeenCalledTimes(1);
        pass(1);
      }
      await ask();
      expect(invoke).toHaveBeenCalledTimes(2);
    }
  });

  it('should be no time when it is 1 MiB large', async () => {
    for (const { length, calls } of [
      { length: 1024 * 1024 - 1, calls: 1 },
      { length: 1024 * 1024, calls: 2 },
    ]) {
      const payload = '{"isAuthorized":true}'.padEnd(length);
      const { verifier, invoke } = create(() => ({ kind: 'result', payload }), { ttlMs: 60_000 });
      await verifier.verify(asJdoe());
      await verifier.verify(asJdoe());
      expect(invoke).toHaveBeenCalledTimes(calls);
    }
  });

  it('should be no time when it is not usable', async () => {
    const { verifier, invoke } = create(() => result({}), { ttlMs: 60_000 });
    await expect(verifier.verify(asJdoe())).rejects.toThrow(unauthorizedTexts.refused);
    await expect(verifier.verify(asJdoe())).rejects.toThrow(unauthorizedTexts.refused);
    expect(invoke).toHaveBeenCalledTimes(2);
  });

  it('should be by token', async () => {
    const { verifier } = create(({ authorizationToken }) => result({ isAuthorized: authorizationToken === token }), {
      ttlMs: 60_000,
    });
    await verifier.verify(asJdoe());
    await expect(verifier.verify(asJdoe('r2', `${token}!`))).rejects.toThrow(unauthorizedTexts.refused);
    await expect(verifier.verify(asJdoe('r3', 'secret-of-jdoe'))).rejects.toThrow(unauthorizedTexts.refused);
  });

  it('should be by verifier, which is by API', async () => {
    await create(() => result({ isAuthorized: true }), { ttlMs: 60_000 }).verifier.verify(asJdoe());
    const other = create(() => result({ isAuthorized: false }), { ttlMs: 60_000, apiId: 'chat' });
    await expect(other.verifier.verify(asJdoe())).rejects.toThrow(unauthorizedTexts.refused);
  });

  it('should not be shortened by a stream of bad tokens', async () => {
    const reply = ({ authorizationToken }: JsonObject) => result({ isAuthorized: authorizationToken === token });
    const { verifier, invoke } = create(reply, { ttlMs: 60_000, maxCacheEntries: 10 });
    await verifier.verify(asJdoe());
    for (let i = 0; i < 100; i += 1) await verifier.verify(asJdoe('r', `bad-${i}`)).catch(() => undefined);
    await verifier.verify(asJdoe());
    expect(invoke).toHaveBeenCalledTimes(101);
  });
});

describe('requests that come at once with one token', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => `r${index}`);

  it('should be answered by one call where answers are kept', async () => {
    const { verifier, invoke } = create(async () => result({ isAuthorized: true }), { ttlMs: 60_000 });
    const identities = await Promise.all(hundred.map((id) => verifier.verify(asJdoe(id))));
    expect(invoke).toHaveBeenCalledTimes(1);
    expect(new Set(identities).size).toBe(1);
  });

  it('should each be told of where answers are not kept', async () => {
    const { verifier, events } = create(async () => result({ isAuthorized: true }));
    await Promise.all(hundred.map((id) => verifier.verify(asJdoe(id))));
    expect(events.map((event) => (event['requestContext'] as JsonObject)['requestId'])).toEqual(hundred);
  });

  it('should each be told of when the one answer may not be kept', async () => {
    const reply = ({ requestContext }: JsonObject) =>
      result({ isAuthorized: (requestContext as JsonObject)['requestId'] === 'r0', ttlOverride: 0 });
    const { verifier, invoke } = create(async (event) => reply(event), { ttlMs: 60_000 });
    const outcomes = await Promise.allSettled(hundred.map((id) => verifier.verify(asJdoe(id))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', ...Array<string>(99).fill('rejected')]);
    expect(invoke).toHaveBeenCalledTimes(100);
  });

  it('should share the fault that the one call ended with', async () => {
    const { verifier, invoke } = create(() => new Promise(() => undefined), { ttlMs: 60_000, timeoutMs: 20 });
    const outcomes = await Promise.allSettled(hundred.map((id) => verifier.verify(asJdoe(id))));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(invoke).toHaveBeenCalledTimes(1);
  });
});

describe('a denied field that the schema does not have', () => {
  it('should be told once', async () => {
    const deniedFields = ['Task.titel', 'Task.title', 'arn:aws:appsync:::apis/boards/types/Task/fields/ide'];
    const { verifier, onFault } = create(() => result({ isAuthorized: true, deniedFields }), {
      hasField: (type, field) => `${type}.${field}` === 'Task.title',
    });
    for (const id of ['r1', 'r2']) await verifier.verify(asJdoe(id));
    expect(onFault.mock.calls.map(([error, text]) => [error.message, text])).toEqual([
      ['deniedFields has Task.titel.', 'The Lambda authorizer denied a field that the schema does not have.'],
      ['deniedFields has Task.ide.', 'The Lambda authorizer denied a field that the schema does not have.'],
    ]);
  });
});

describe('more calls than may wait at one time', () => {
  it('should be told to come again, and go on when there is room', async () => {
    const held: (() => void)[] = [];
    const hold = () =>
      new Promise<AuthoriserReply>((resolve) => held.push(() => resolve(result({ isAuthorized: true }))));
    const { verifier, invoke, onFault } = create(hold, { maxPending: 2 });
    const waiting = ['a', 'b'].map((token) => verifier.verify(asJdoe('r1', token)));
    await expect(verifier.verify(asJdoe('r1', 'c'))).rejects.toMatchObject({
      code: 'INTERNAL_FAILURE',
      cause: { message: '2 calls of the authorizer are waiting already.' },
    });
    expect(invoke).toHaveBeenCalledTimes(2);
    expect(onFault.mock.calls.map(([, text]) => text)).toEqual([
      'The Lambda authorizer is asked more than it answers.',
    ]);
    for (const release of held.splice(0)) release();
    await Promise.all(waiting);
    const next = verifier.verify(asJdoe('r1', 'c'));
    await vi.waitFor(() => expect(held).toHaveLength(1));
    held[0]!();
    await expect(next).resolves.toMatchObject({ mode: 'AWS_LAMBDA' });
  });
});

/** All that a log could write of an error or a call. */
function textOf(value: unknown): string {
  if (!(value instanceof Error)) return Array.isArray(value) ? value.map(textOf).join('\n') : JSON.stringify(value);
  return [value.stack, JSON.stringify(value), value.cause === undefined ? '' : textOf(value.cause)].join('\n');
}
