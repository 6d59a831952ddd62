import type { DefinitionFolder } from '../definition-folder.js';
import type { FaultList } from '../fault.js';
import type { CheckedSettings } from '../yaml/check-settings.js';
import type { Path } from '../yaml/yaml-file.js';
import { checkHandlerModule } from './check-handler-module.js';

/** Where a function runs: on AWS, in a process of its own beside this one, or behind an address. */
export type LambdaTarget =
  | { readonly lambdaFunctionArn: string }
  | {
      /** Real path of the module. */
      readonly handlerPath: string;
      /** All that the function reads as `process.env`. */
      readonly environmentVariables: Readonly<Record<string, string>>;
    }
  | { readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** What is written of a function, whose place is one of the first three. */
export interface WrittenTarget {
  readonly lambdaFunctionArn?: string | undefined;
  readonly handler?: string | undefined;
  readonly url?: string | undefined;
  readonly environmentVariables?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Where a function is written, and how faults call it. */
export interface TargetPlace {
  /** The mapping that `environmentVariables` and `headers` stand in. */
  readonly path: Path;
  /** The key of the place itself. */
  readonly key: string;
  /** What the module is, in a fault: `handler of the data source "Tasks"`. */
  readonly what: string;
  /** What `environmentVariables` and `headers` belong to, in a fault. */
  readonly of: { readonly handler: string; readonly url: string };
}

/** A handler's own code; what it imports counts by itself. */
const maxHandlerBytes = 16 * 1024 * 1024;

/** Reads where a function is, of which one place is given. Undefined when its module cannot be had; the fault says why. */
export async function readLambdaTarget(
  { lambdaFunctionArn, handler, url, environmentVariables, headers }: WrittenTarget,
  { path, key, what, of }: TargetPlace,
  { file }: CheckedSettings,
  folder: DefinitionFolder,
  faults: FaultList,
): Promise<LambdaTarget | undefined> {
  const fault = (member: string, target: string) =>
    faults.add(file.positionOfKey([...path, member]), `"${member}" is of use with ${target} only`, 'Remove it');
  if (environmentVariables && handler === undefined) fault('environmentVariables', of.handler);
  if (headers && url === undefined) fault('headers', of.url);
  if (lambdaFunctionArn !== undefined) return { lambdaFunctionArn };
  if (url !== undefined) return { url, headers: headers ?? {} };
  if (handler === undefined) return undefined;
  const askedAt = file.positionOf([...path, key]);
  const options = { askedAt, what, maxBytes: maxHandlerBytes };
  const handlerPath = await folder.locate(handler, options);
  if (handlerPath === undefined) return undefined;
  await checkHandlerModule(handler, options, folder, faults);
  return { handlerPath, environmentVariables: environmentVariables ?? {} };
}
