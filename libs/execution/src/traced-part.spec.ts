import { describe, expect, it } from 'vitest';
import { FieldError } from '#libs/protocol';
import { defineApi } from '../test/define-api.js';
import type { ApiCase } from '../test/define-api.js';
import { execute } from '../test/execute.js';
import type { TraceAttributes, TracedKind, TracedPart } from './traced-part.js';

/** A part that writes down what becomes of it, indented as it lies in others. */
class RecordedPart implements TracedPart {
  readonly traceparent = '';

  constructor(
    private readonly lines: string[],
    private readonly depth = 0,
    private readonly name = 'request',
    readonly told: (name: string, attributes: TraceAttributes, kind: TracedKind) => void = () => undefined,
  ) {}

  start(name: string, attributes: TraceAttributes = {}, kind: TracedKind = 'internal'): TracedPart {
    this.told(name, attributes, kind);
    this.lines.push(`${'  '.repeat(this.depth)}${name}`);
    return new RecordedPart(this.lines, this.depth + 1, name, this.told);
  }

  set(): void {}

  end(error?: Error): void {
    this.lines.push(`${'  '.repeat(this.depth - 1)}${this.name} ended${error ? `: ${error.message}` : ''}`);
  }
}

const sdl = 'type Query { task(id: ID): AWSJSON tasks: AWSJSON } type Mutation { createTask(title: String): AWSJSON }';

async function trace(api: Omit<ApiCase, 'sdl'>, text: string) {
  const lines: string[] = [];
  const told: unknown[] = [];
  const span = new RecordedPart(lines, 0, 'request', (...one) => told.push(one));
  await execute(await defineApi({ sdl, ...api }), text, { span });
  return { lines, told };
}

describe('the trace of a request', () => {
  it('should have a part for each resolver, and in it one for each call of a data source', async () => {
    const { lines } = await trace(
      {
        functions: { first: {}, second: {} },
        resolvers: { 'Query.task': { functions: ['first', 'second'] } },
      },
      '{ task(id: 7) }',
    );
    expect(lines).toEqual([
      'Query.task',
      '  NONE Tasks',
      '  NONE Tasks ended',
      '  NONE Tasks',
      '  NONE Tasks ended',
      'Query.task ended',
    ]);
  });

  it('should end what failed with its error', async () => {
    const failure = new FieldError('No such task.', 'NotFound');
    const answer = () => {
      throw failure;
    };
    const response = '$util.error($ctx.error.message)';
    const { lines } = await trace({ resolvers: { 'Query.task': { answer, response } } }, '{ task(id: 7) }');
    expect(lines).toEqual([
      'Query.task',
      '  NONE Tasks',
      '  NONE Tasks ended: No such task.',
      'Query.task ended: No such task.',
    ]);
  });

  it('should name the field, the data source and the function, and nothing that a client sent', async () => {
    const { told } = await trace(
      { functions: { first: {} }, resolvers: { 'Mutation.createTask': { functions: ['first'] } } },
      'mutation { createTask(title: "secret") }',
    );
    expect(told).toEqual([
      [
        'Mutation.createTask',
        { 'graphql.field.name': 'Mutation.createTask', 'starling.resolver.kind': 'PIPELINE' },
        'internal',
      ],
      [
        'NONE Tasks',
        {
          'starling.data_source.type': 'NONE',
          'starling.data_source.name': 'Tasks',
          'starling.function.name': 'first',
        },
        'internal',
      ],
    ]);
  });
});
