import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { StartError } from '#libs/config';
import { evaluateCode, evaluateTemplate } from '#libs/execution';
import type { Evaluation } from '#libs/execution';
import { RequestError } from '#libs/protocol';

export const evaluateUsage = 'eval FILE --context FILE [--function request|response]';

/**
 * Runs a template (`.vtl`) or one handler of a code file (`.js`, `.ts`) on a context and prints its result on standard
 * output; logs and errors go to standard error. Status 1 when the run failed.
 */
export async function evaluate(args: readonly string[]): Promise<number> {
  const { file, contextFile, handler } = parse(args);
  const source = await read(file);
  const context = contextFile === undefined ? '{}' : await read(contextFile);
  const evaluation = run(file, source, context, handler);
  for (const line of evaluation.logs) process.stderr.write(`${line}\n`);
  if (evaluation.outErrors !== '[]') process.stderr.write(`Errors that were appended: ${evaluation.outErrors}\n`);
  if (evaluation.error) {
    process.stderr.write(`${describe(evaluation.error)}\n`);
    return 1;
  }
  process.stdout.write(`${evaluation.evaluationResult ?? ''}\n`);
  return 0;
}

type Handler = 'request' | 'response';

function parse(args: readonly string[]): { file: string; contextFile: string | undefined; handler: Handler } {
  const usage = `Usage: starling ${evaluateUsage}`;
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: { context: { type: 'string' }, function: { type: 'string', default: 'request' } },
      allowPositionals: true,
    });
  } catch (cause) {
    throw new StartError(`${(cause as Error).message}\n${usage}`, { cause });
  }
  const [file] = parsed.positionals;
  const handler = parsed.values.function;
  if (!file || parsed.positionals.length > 1 || (handler !== 'request' && handler !== 'response'))
    throw new StartError(usage);
  return { file, contextFile: parsed.values.context, handler };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new StartError(`${file} can't be read: ${(cause as Error).message}`, { cause });
  }
}

function run(file: string, source: string, context: string, handler: Handler): Evaluation {
  try {
    if (path.extname(file) === '.vtl') return evaluateTemplate(source, context, file);
    return evaluateCode(isTypeScript(file) ? stripTypeScriptTypes(source) : source, context, handler, file);
  } catch (error) {
    if (error instanceof RequestError) throw new StartError(error.message, { cause: error });
    throw error;
  }
}

function isTypeScript(file: string): boolean {
  return path.extname(file) === '.ts';
}

function describe({ message, codeErrors = [] }: NonNullable<Evaluation['error']>): string {
  const places = codeErrors.map(({ value, location }) => `${location.line}:${location.column}  ${value}`);
  return [message, ...places].join('\n');
}
