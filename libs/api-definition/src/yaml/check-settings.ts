import { Ajv } from 'ajv';
import type { DefinedError } from 'ajv';
import type { FaultList } from '../fault.js';
import { listOf, suggest } from '../suggest.js';
import type { Settings } from './settings.js';
import { starlingSchema } from './starling-schema.js';
import type { Path, YamlFile } from './yaml-file.js';

/** `starling.yaml` after its check: gives out only what is sound, so that the rest of the load can go on past faults. */
export interface CheckedSettings {
  /** The value of a top-level key; undefined when absent, or when anything in it is wrong. */
  read<K extends keyof Settings>(key: K): Settings[K] | undefined;
  /** The sound elements of a list, each with its path. */
  readList<T>(path: Path): readonly { readonly value: T; readonly path: Path }[];
  readonly file: YamlFile;
}

// `verbose` hands the failed part of the schema to each error: its description is what the user is told.
const validate = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false }).compile(
  starlingSchema,
);

/** Checks the data against the JSON Schema; every difference is a fault at its line. */
export function checkSettings(file: YamlFile, faults: FaultList): CheckedSettings {
  const unsound: Path[] = [];
  validate(file.data);
  for (const error of (validate.errors ?? []) as DefinedError[]) {
    // The name that `propertyNames` refused is reported once, by the error of `propertyNames` itself.
    if (error.propertyName !== undefined) continue;
    const path = pathOf(error, file.data);
    unsound.push(...spoiledBy(error, path));
    if (!file.isOpen(path)) report(error, path, file, faults);
  }
  const isSound = (path: Path) =>
    !unsound.some((bad) => path.every((step, depth) => depth >= bad.length || bad[depth] === step));
  const valueAt = (path: Path) => path.reduce<unknown>((value, step) => member(value, step), file.data);
  return {
    file,
    read: (key) => (isSound([key]) ? (valueAt([key]) as never) : undefined),
    readList: <T>(path: Path) => {
      const value = valueAt(path);
      if (!Array.isArray(value)) return [];
      return value
        .map((element, index) => ({ value: element as T, path: [...path, index] }))
        .filter((one) => isSound(one.path));
    },
  };
}

/** What cannot be used because of an error. An unknown key spoils nothing beside it. */
function spoiledBy(error: DefinedError, path: Path): readonly Path[] {
  switch (error.keyword) {
    case 'additionalProperties':
    case 'if':
      return [];
    case 'required':
      return [[...path, error.params.missingProperty]];
    case 'propertyNames':
      return [[...path, error.params.propertyName]];
    default:
      return [path];
  }
}

function report(error: DefinedError, path: Path, file: YamlFile, faults: FaultList): void {
  const where = path.length === 0 ? 'The file' : `"${pathText(path)}"`;
  const description = (error.parentSchema as { description?: string } | undefined)?.description ?? '';
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = error.params.additionalProperty;
      const known = Object.keys((error.parentSchema?.properties ?? {}) as object);
      faults.add(file.positionOfKey([...path, key]), `Unknown key "${pathText([...path, key])}"`, suggest(key, known));
      return;
    }
    case 'required': {
      const key = error.params.missingProperty;
      const properties = (error.parentSchema?.properties ?? {}) as Record<string, { description?: string }>;
      faults.add(
        file.positionOf(path),
        `"${pathText([...path, key])}" is missing`,
        properties[key]?.description ?? `Add "${key}"`,
      );
      return;
    }
    case 'enum': {
      const value = typeof error.data === 'string' ? ` "${error.data}"` : '';
      const allowed = error.params.allowedValues as string[];
      const near = typeof error.data === 'string' ? suggest(error.data, allowed) : '';
      const hint = near.startsWith('Did') ? near : `Available: ${listOf(allowed, 'or')}`;
      faults.add(file.positionOf(path), `${where} does not take${value || ' this value'}`, hint);
      return;
    }
    case 'propertyNames': {
      const key = error.params.propertyName;
      const hint = `Names match ${(error.schema as { pattern: string }).pattern}`;
      faults.add(file.positionOfKey([...path, key]), `"${pathText([...path, key])}" is no possible name here`, hint);
      return;
    }
    case 'type':
      faults.add(
        file.positionOf(path),
        `${where} is ${kindOf(error.data)} and must be ${kindsWanted(error.params.type)}`,
        description,
      );
      return;
    case 'pattern':
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
    case 'minimum':
    case 'maximum':
    case 'maxProperties':
      // The value itself is not repeated: it may be a key or a password.
      faults.add(file.positionOf(path), `${where} is not as it must be`, description);
      return;
    default:
      // `if` only says again what the error in its `then` said.
      return;
  }
}

/** JSON pointer → path, with list indexes as numbers. */
function pathOf(error: DefinedError, data: unknown): Path {
  const path: (string | number)[] = [];
  let value = data;
  for (const step of error.instancePath.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = member(value, path.at(-1)!);
  }
  return path;
}

function member(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}

/** `resolvers[2].typeName`. */
export function pathText(path: Path): string {
  return path.map((step, depth) => (typeof step === 'number' ? `[${step}]` : depth === 0 ? step : `.${step}`)).join('');
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return kinds[typeof value] ?? 'something else';
}

function kindsWanted(type: string | readonly string[]): string {
  const wanted = typeof type === 'string' ? type.split(',') : type;
  const named = listOf(
    wanted.map((one) => kinds[one] ?? one),
    'or',
  );
  return wanted.length === 1 && wanted[0] === 'string' ? `${named} (put it in quotes)` : named;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
};
