import { CodeSyntaxError, compileVtlHandlers, TemplateSyntaxError } from '#libs/resolver-runtime';
import type { CodeSource, ResolverHandlers, VtlTemplates } from '#libs/resolver-runtime';
import type { DefinitionFolder, FolderFile } from '../definition-folder.js';
import type { HandlersDefinition } from '../definition.js';
import type { FaultList } from '../fault.js';
import type { HandlerSettings } from '../yaml/settings.js';
import type { Path, YamlFile } from '../yaml/yaml-file.js';
import { stripTypes } from './strip-types.js';

/** AppSync's limit of one mapping template, in bytes. */
const maxTemplateBytes = 64 * 1024;
/** AppSync's limit of the code of one resolver or function, in bytes. */
const maxCodeBytes = 32 * 1024;

const parts = ['request', 'response'] as const;

export type CodeCompiler = (source: CodeSource) => ResolverHandlers;

type Handler = NonNullable<HandlersDefinition['request']>;

/** Where handlers come from, and what stands around them. */
export interface HandlersPlace {
  readonly file: YamlFile;
  readonly folder: DefinitionFolder;
  readonly faults: FaultList;
  /** Throws a `CodeSyntaxError`. One for all handlers of a definition, as it compiles a text once. */
  readonly compileCode: CodeCompiler;
  /** Of the resolver or function in `starling.yaml`. */
  readonly path: Path;
  /** What it is, in a fault: `Query.getTask`. */
  readonly what: string;
  /** Path of its files up to their extension, where none is named: `resolvers/Query.getTask`. */
  readonly base: string;
  /** True where AppSync has a default for handlers that are not there. */
  readonly mayBeAbsent: boolean;
}

/**
 * Reads and compiles the handlers of a resolver or function: code, or templates, at the paths that are named or else at their
 * default places. Undefined when they cannot be had; the faults say why.
 */
export async function readHandlers(
  settings: HandlerSettings,
  place: HandlersPlace,
): Promise<HandlersDefinition | undefined> {
  const hasTemplates = parts.some((part) => settings[`${part}MappingTemplate`] !== undefined);
  if (hasTemplates && (settings.code !== undefined || settings.runtime !== undefined)) {
    const member = settings.code === undefined ? 'runtime' : 'code';
    const message = `The handlers of ${place.what} are both code and mapping templates`;
    place.faults.add(
      place.file.positionOfKey([...place.path, member]),
      message,
      `Remove "${member}", or the templates`,
    );
    return undefined;
  }
  const code = settings.code ?? (hasTemplates ? undefined : await findCode(settings, place));
  return code === undefined ? readTemplates(settings, place) : readCode(code, place);
}

/** The path of code that `starling.yaml` does not name: what is there, or what is expected since a runtime is named. */
async function findCode({ runtime }: HandlerSettings, place: HandlersPlace): Promise<string | undefined> {
  const { folder, base } = place;
  const [javaScript, typeScript] = [`${base}.js`, `${base}.ts`];
  const found: string[] = [];
  for (const name of [javaScript, typeScript]) if (await folder.has(name)) found.push(name);
  const templates = parts.map((part) => `${base}.${part}.vtl`);
  if (found.length > 0) for (const name of templates) if (await folder.has(name)) found.push(name);
  if (found.length > 1) {
    const message = `There is both "${found[0]}" and "${found[1]}" for ${place.what}`;
    place.faults.add(place.file.positionOf(place.path), message, 'Remove one of them, or name the one that is meant');
  }
  return found[0] ?? (runtime && javaScript);
}

async function readCode(name: string, place: HandlersPlace): Promise<HandlersDefinition | undefined> {
  const askedAt = place.file.positionOf([...place.path, 'code']);
  const file = await place.folder.read(name, { askedAt, what: `code of ${place.what}`, maxBytes: maxCodeBytes });
  const source = file && /\.[cm]?ts$/.test(name) ? stripTypes(file, place.faults) : file;
  if (!file || !source) return undefined;
  try {
    return { language: 'APPSYNC_JS', files: [file], ...separate(place.compileCode(source)) };
  } catch (error) {
    if (!(error instanceof CodeSyntaxError)) throw error;
    for (const { line, column, message, hint } of error.faults) {
      place.faults.add({ file: name, line, column }, message, hint);
    }
    return undefined;
  }
}

async function readTemplates(settings: HandlerSettings, place: HandlersPlace): Promise<HandlersDefinition | undefined> {
  const request = await readTemplate('request', settings, place);
  const response = await readTemplate('response', settings, place);
  if (request === undefined || response === undefined) return undefined;
  const compiled = compileTemplates({ request: request ?? empty, response: response ?? empty }, place.faults);
  const handlers = compiled && separate(compiled);
  return (
    handlers && {
      language: 'VTL',
      files: [request, response].filter((file) => file !== null),
      request: request && handlers.request,
      response: response && handlers.response,
    }
  );
}

/** As functions that can be handed on one by one. */
function separate(handlers: ResolverHandlers): { request: Handler; response: Handler } {
  return {
    request: (ctx, run) => handlers.request(ctx, run),
    response: (ctx, run) => handlers.response(ctx, run),
  };
}

const empty: FolderFile = { name: '', text: '' };

/** Null for a template that is not there and need not be. */
async function readTemplate(
  part: 'request' | 'response',
  settings: HandlerSettings,
  { folder, file, path, what, base, mayBeAbsent }: HandlersPlace,
): Promise<FolderFile | null | undefined> {
  const member = `${part}MappingTemplate` as const;
  const name = settings[member] ?? `${base}.${part}.vtl`;
  if (mayBeAbsent && settings[member] === undefined && !(await folder.has(name))) return null;
  return folder.read(name, {
    askedAt: file.positionOf([...path, member]),
    what: `${part} template of ${what}`,
    maxBytes: maxTemplateBytes,
  });
}

function compileTemplates(templates: VtlTemplates, faults: FaultList): ResolverHandlers | undefined {
  const first = tryCompile(templates);
  if ('handlers' in first) return first.handlers;
  report(first.error, faults);
  // Compiling stops at the first bad template: with the request out of the way, the response has its say as well.
  const second = tryCompile({ request: { name: templates.request.name, text: '' }, response: templates.response });
  if ('error' in second) report(second.error, faults);
  return undefined;
}

function tryCompile(templates: VtlTemplates): { handlers: ResolverHandlers } | { error: TemplateSyntaxError } {
  try {
    return { handlers: compileVtlHandlers(templates) };
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return { error };
    throw error;
  }
}

function report({ template, line, column, problem, hint }: TemplateSyntaxError, faults: FaultList): void {
  faults.add({ file: template, line, column }, problem, hint);
}
