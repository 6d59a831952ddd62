import { GraphQLError, Kind, parse, Source, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { DefinitionFolder, FolderFile } from '../definition-folder.js';
import type { FaultList, Position } from '../fault.js';
import { suggest } from '../suggest.js';
import type { CheckedSettings } from '../yaml/check-settings.js';
import type { TrySettings } from '../yaml/settings.js';
import type { Path } from '../yaml/yaml-file.js';

/** One thing to try on a fresh API, by pasting it. */
export interface TryStep {
  readonly title: string;
  /** Who does it: a local user, or whoever signs with a local access key. Null: a request with the first API key. */
  readonly as: string | null;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** The text of one operation, valid for the schema. */
  readonly operation: string;
}

/** Far more than anyone pastes. */
const maxOperationBytes = 64 * 1024;

/** Reads `local.try`. Every step is checked against the schema, so that what a user is told to try works. */
export async function readTrySteps(
  settings: CheckedSettings,
  schema: GraphQLSchema | undefined,
  folder: DefinitionFolder,
  faults: FaultList,
): Promise<readonly TryStep[]> {
  const namesIn = (list: 'users' | 'accessKeys') =>
    settings.readList<{ username: string }>(['local', list]).map(({ value }) => value.username);
  const users = [...namesIn('users'), ...namesIn('accessKeys')];
  const steps: TryStep[] = [];
  for (const { value, path } of settings.readList<TrySettings>(['local', 'try'])) {
    if (value.as !== undefined && !users.includes(value.as)) {
      const hint = suggest(value.as, users, 'Add the user to local.users');
      faults.add(settings.file.positionOf([...path, 'as']), `There is no user "${value.as}"`, hint);
    }
    if (value.as === undefined && !hasApiKeys(settings)) {
      const hint = suggest('', users, 'Add "as", and the user to local.users');
      faults.add(
        settings.file.positionOf(path),
        `Nobody can do "${value.title}": the API has no keys, and "as" is missing`,
        hint,
      );
    }
    const text = await readOperation(value, path, settings, folder);
    const operation = text && checkOperation(text, schema, faults);
    if (operation)
      steps.push({ title: value.title, as: value.as ?? null, kind: operation.operation, operation: text.text.trim() });
  }
  return steps;
}

/** As written: keys that are faulty have faults of their own. */
function hasApiKeys({ file }: CheckedSettings): boolean {
  return Object.hasOwn(file.data as object, 'apiKeys');
}

/** An operation, and where its faults are reported: in its own file, or at its key in `starling.yaml`. */
interface OperationText extends FolderFile {
  readonly inlineAt: Position | null;
}

async function readOperation(
  { operation, title }: TrySettings,
  path: Path,
  { file }: CheckedSettings,
  folder: DefinitionFolder,
): Promise<OperationText | undefined> {
  const askedAt = file.positionOf([...path, 'operation']);
  if (!/^\S+\.graphql$/.test(operation)) return { name: askedAt.file, text: operation, inlineAt: askedAt };
  const read = await folder.read(operation, { askedAt, what: `operation of "${title}"`, maxBytes: maxOperationBytes });
  return read && { ...read, inlineAt: null };
}

function checkOperation(
  { name, text, inlineAt }: OperationText,
  schema: GraphQLSchema | undefined,
  faults: FaultList,
): OperationDefinitionNode | undefined {
  const report = (message: string, line = 1, column = 1) =>
    faults.add(inlineAt ?? { file: name, line, column }, message);
  let document: DocumentNode;
  try {
    document = parse(new Source(text, name));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    report(error.message, error.locations?.[0]?.line, error.locations?.[0]?.column);
    return undefined;
  }
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (operations.length !== 1) {
    report(`There are ${operations.length} operations. A step is one operation`);
    return undefined;
  }
  const errors = schema ? validate(schema, document) : [];
  for (const { message, locations } of errors) report(message, locations?.[0]?.line, locations?.[0]?.column);
  return errors.length > 0 ? undefined : operations[0];
}
