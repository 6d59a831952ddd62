import { parse } from 'acorn';
import type { Pattern, Program } from 'acorn';
import type { DefinitionFolder, FolderFile, ReadOptions } from '../definition-folder.js';
import type { FaultList } from '../fault.js';
import { stripTypes } from './strip-types.js';

/** Longest module that is looked into, in characters: parsing a bundle of many megabytes would hold every start up. */
const maxCheckedLength = 1024 * 1024;

/**
 * Reports a function's module that cannot be parsed, or that has no `handler` to call: without this the first request would find
 * out. The module is not run, and what it imports is not looked at. Files of other kinds than JavaScript and TypeScript, and
 * bundles of more than a million characters, are taken as they are.
 */
export async function checkHandlerModule(
  name: string,
  options: ReadOptions,
  folder: DefinitionFolder,
  faults: FaultList,
): Promise<void> {
  const [, kind, language] = /\.([cm]?)(js|ts)$/.exec(name) ?? [];
  if (language === undefined) return;
  const file = await folder.read(name, options);
  if (!file || file.text.length > maxCheckedLength) return;
  const source = language === 'ts' ? stripTypes(file, faults) : file;
  if (!source) return;
  const parsed = parseModule(source, kind!);
  if ('error' in parsed) {
    const { line, column } = parsed.error.loc;
    // The parser ends its text with the place.
    const message = parsed.error.message.replace(/ \(\d+:\d+\)$/, '');
    faults.add({ file: name, line, column: column + 1 }, message);
  } else if (!mayExportHandler(parsed.program, source.text)) {
    const hint = `Write export const handler = async (event) => { … }`;
    faults.add({ file: name, line: 1, column: 1 }, `The ${options.what} exports no function "handler"`, hint);
  }
}

type Parsed = { readonly program: Program } | { readonly error: ModuleSyntaxError };

/** What acorn throws. Lines count from 1, columns from 0. */
type ModuleSyntaxError = SyntaxError & { readonly loc: { readonly line: number; readonly column: number } };

/** By the extension, and where that leaves it open, by what it parses as. */
function parseModule(file: FolderFile, kind: string): Parsed {
  if (kind === 'c') return tryParse(file, 'script');
  const asModule = tryParse(file, 'module');
  if (kind === 'm' || 'program' in asModule) return asModule;
  const asScript = tryParse(file, 'script');
  return 'program' in asScript ? asScript : asModule;
}

function tryParse({ text }: FolderFile, sourceType: 'module' | 'script'): Parsed {
  const isScript = sourceType === 'script';
  try {
    // Node wraps a script in a function.
    const program = parse(text, {
      ecmaVersion: 'latest',
      sourceType,
      allowHashBang: true,
      allowReturnOutsideFunction: isScript,
    });
    return { program };
  } catch (error) {
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error;
    return { error: error as ModuleSyntaxError };
  }
}

/** False only where it surely does not: what is handed on from another module cannot be seen. */
function mayExportHandler({ body }: Program, text: string): boolean {
  const isModule = body.some(({ type }) => /^(?:Import|Export)/.test(type));
  if (!isModule) return /\bexports\b/.test(text) && /\bhandler\b|\brequire\b/.test(text);
  return body.some((statement) => {
    if (statement.type === 'ExportAllDeclaration') return !statement.exported || isHandler(statement.exported);
    // `export default { handler }`; a function or a class by itself is none.
    if (statement.type === 'ExportDefaultDeclaration') return !/Function|Class/.test(statement.declaration.type);
    if (statement.type !== 'ExportNamedDeclaration') return false;
    const { declaration, specifiers } = statement;
    if (specifiers.some(({ exported }) => isHandler(exported))) return true;
    if (declaration?.type !== 'VariableDeclaration') return declaration?.id.name === 'handler';
    return declaration.declarations.some(({ id }) => bindsHandler(id));
  });
}

function isHandler(name: { readonly type: string; readonly name?: string; readonly value?: unknown }): boolean {
  return (name.type === 'Identifier' ? name.name : name.value) === 'handler';
}

/** A pattern that takes something apart may bind any name. */
function bindsHandler(pattern: Pattern): boolean {
  return pattern.type !== 'Identifier' || pattern.name === 'handler';
}
