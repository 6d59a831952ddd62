import { FieldError } from '#libs/protocol';
import type { JsonObject, JsonValue } from '#libs/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { DataSource } from '#libs/data-sources';

/** What the contract needs to know of a data source. */
export interface ContractSubject {
  readonly source: DataSource;
  /** A document that can be run again and again with the same result. */
  readonly document: JsonObject;
  readonly result: JsonValue;
  /** A document that the data source refuses; absent for one that takes everything. */
  readonly refused?: JsonObject;
  readonly stop: () => Promise<void>;
}

const call = { resolver: 'Query.allTasks' };

/** The suite that every data source passes. */
export function describeDataSource(type: string, start: () => Promise<ContractSubject>): void {
  describe(`data source ${type}`, () => {
    let subject: ContractSubject;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject.stop());

    it('should be of its AppSync type', () => {
      expect(subject.source.type).toBe(type);
    });

    it('should answer what becomes ctx.result', async () => {
      expect(await subject.source.execute(subject.document, call)).toEqual(subject.result);
    });

    it('should answer JSON', async () => {
      const result = await subject.source.execute(subject.document, call);
      expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
    });

    it('should not care for the version of the document', async () => {
      const document = { ...subject.document, version: '2017-02-28' };
      expect(await subject.source.execute(document, call)).toEqual(subject.result);
    });

    it('should leave the document as it is', async () => {
      const document = structuredClone(subject.document);
      await subject.source.execute(freezeDeep(document), call);
      expect(document).toEqual(subject.document);
    });

    it('should run calls side by side', async () => {
      const results = await Promise.all(
        Array.from({ length: 8 }, () => subject.source.execute(subject.document, call)),
      );
      expect(results).toEqual(Array.from({ length: 8 }, () => subject.result));
    });

    it('should refuse a document with a field error', async ({ skip }) => {
      if (subject.refused === undefined) return skip('takes every document');
      const error = await subject.source.execute(subject.refused, call).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(FieldError);
      expect(error).toHaveProperty('errorType', 'MappingTemplate');
    });

    it('should end with the reason of a signal that is a field error', async () => {
      const reason = new FieldError('Execution timed out.', 'ExecutionTimeout');
      const signal = AbortSignal.abort(reason);
      await expect(subject.source.execute(subject.document, { ...call, signal })).rejects.toBe(reason);
    });

    it('should end with a field error when its signal has any other reason', async () => {
      const signal = AbortSignal.abort(new Error('socket of 10.1.2.3 closed'));
      const error = await subject.source
        .execute(subject.document, { ...call, signal })
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(FieldError);
      expect(error).toHaveProperty('message', 'The data source call was cancelled.');
    });

    it('should close twice', async () => {
      const { source, stop } = await start();
      await source.close();
      await expect(source.close()).resolves.toBeUndefined();
      await stop();
    });
  });
}

function freezeDeep(value: JsonValue): never {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value as JsonObject).forEach(freezeDeep);
  }
  return value as never;
}
