import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FieldError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createLambdaDataSource } from '#libs/data-sources';
import type { DataSource, LambdaInvoker } from '#libs/data-sources';
import { describeDataSource } from './data-source.contract.js';
import { refusalOf } from './start-task-table.js';

export interface InvokerSubject {
  /** Runs `functions/behave.mjs`. */
  readonly invoker: LambdaInvoker;
  readonly stop: () => Promise<void>;
}

const call = { resolver: 'Query.allTasks' };

/** The suite that every invoker passes. `start` is given how long an answer may take. */
export function describeLambdaInvoker(name: string, start: (timeoutMs: number) => Promise<InvokerSubject>): void {
  describe(name, () => {
    describeDataSource('AWS_LAMBDA', async () => {
      const { invoker, stop } = await start(10_000);
      const source = createLambdaDataSource({ invoker });
      const payload = { boardId: 'b1', tags: ['grün', null, 3] };
      return {
        source,
        document: { operation: 'Invoke', payload },
        result: payload,
        refused: { operation: 'Query' },
        async stop() {
          await source.close();
          await stop();
        },
      };
    });

    let subject: InvokerSubject;
    let source: DataSource;
    beforeAll(async () => {
      subject = await start(10_000);
      source = createLambdaDataSource(subject);
    });
    afterAll(async () => {
      await source.close();
      await subject.stop();
    });

    function invoke(payload: JsonValue, more: JsonObject = {}): Promise<JsonValue> {
      return source.execute({ operation: 'Invoke', payload, ...more }, call);
    }

    it.each<JsonValue>(['b1', 0, false, null, [], {}, ['b1', { id: 't1' }]])(
      'should hand on the payload and the result as they are: %j',
      async (payload) => {
        expect(await invoke(payload)).toEqual(payload);
      },
    );

    it('should answer null for nothing', async () => {
      expect(await invoke({ do: 'answer nothing' })).toBeNull();
    });

    it.each([
      ['Error', 'Lambda:Unhandled', 'the board is closed'],
      ['TypeError', 'Lambda:Unhandled', 'the board is closed'],
      ['BoardClosed', 'BoardClosed', 'the board is closed'],
      ['UnauthorizedException', 'UnauthorizedException', 'You are not authorized to make this call.'],
    ])('should tell what the function raised: %s', async (name, errorType, message) => {
      const error = await refusalOf(invoke({ do: 'fail', name, message: 'the board is closed' }));
      expect(error).toBeInstanceOf(FieldError);
      expect(error).toMatchObject({ errorType, message, data: null, errorInfo: null });
    });

    it('should tell what the function raised when it is a text', async () => {
      expect(await refusalOf(invoke({ do: 'fail with text', message: 'closed' }))).toMatchObject({
        errorType: 'Lambda:Unhandled',
        message: 'closed',
      });
    });

    it('should take an answer of 6 MB', async () => {
      expect(await invoke({ do: 'answer much', length: 6_000_000 })).toHaveLength(6_000_000);
    });

    it('should refuse an answer that is larger', async () => {
      expect(await refusalOf(invoke({ do: 'answer much', length: 7_000_000 }))).toMatchObject({
        errorType: 'Lambda:Unhandled',
        message: expect.stringMatching(/^Response payload size exceeded maximum allowed/) as string,
      });
    });

    it('should answer an event with null before the function has run', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'starling-'));
      const file = join(folder, 'written');
      try {
        const payload = { do: 'write', file, text: 'done' };
        expect(await invoke(payload, { invocationType: 'Event' })).toBeNull();
        await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8') === 'done', { timeout: 10_000 });
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('should not tell who asked that an event failed', async () => {
      expect(await invoke({ do: 'fail', name: 'Error', message: 'no' }, { invocationType: 'Event' })).toBeNull();
    });

    it('should end the waiting when the signal fires', async () => {
      const timedOut = new FieldError('Execution timed out.', 'ExecutionTimeout');
      const controller = new AbortController();
      const waiting = source.execute(
        { operation: 'Invoke', payload: { do: 'wait', ms: 5000 } },
        { ...call, signal: controller.signal },
      );
      setTimeout(() => controller.abort(timedOut), 50);
      await expect(waiting).rejects.toBe(timedOut);
      expect(await invoke('b1')).toBe('b1');
    });

    it('should end the waiting when there is no answer in time', async () => {
      const impatient = await start(1000);
      const source = createLambdaDataSource(impatient);
      const error = await refusalOf(source.execute({ operation: 'Invoke', payload: { do: 'hang' } }, call));
      expect(error).toMatchObject({
        errorType: expect.stringMatching(/^Lambda:(ExecutionTimeoutException|Unhandled)$/) as string,
        message: expect.stringMatching(/timed out/) as string,
      });
      await source.close();
      await impatient.stop();
    });
  });
}
