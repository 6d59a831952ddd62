import { Budget, defaultBudgetLimits } from '../budget.js';
import { readJson } from '../json/read-json.js';
import type { ResolverContext } from '../resolver-context.js';
import type { HandlerResult, ResolverHandlers, Run } from '../run.js';
import { snapshot } from '../snapshot.js';
import { compileBlock } from './compile-template.js';
import { createContextMap } from '../context-map.js';
import { Frame } from './frame.js';
import { parseTemplate } from './parse-template.js';
import type { TemplateSource } from './parse-template.js';

/** A request and a response template, as a resolver or function has them. */
export interface VtlTemplates {
  readonly request: TemplateSource;
  readonly response: TemplateSource;
}

/**
 * Compiles a pair of templates. The rendered text of a run is one JSON text: blank is null, trailing commas are taken,
 * duplicate keys and anything after the value are refused with AppSync's texts.
 *
 * @throws TemplateSyntaxError for the first fault, with its place and a hint.
 */
export function compileVtlHandlers({ request, response }: VtlTemplates): ResolverHandlers {
  return { request: compileHandler(request), response: compileHandler(response) };
}

/** What a template's run gives, before anybody reads it as JSON. */
export type Rendered = { readonly kind: 'text'; readonly text: string } | Extract<HandlerResult, { kind: 'return' }>;

/**
 * Compiles one template to what it renders, as AppSync's EvaluateMappingTemplate shows it.
 *
 * @throws TemplateSyntaxError for the first fault, with its place and a hint.
 */
export function compileVtlTemplate(source: TemplateSource): (ctx: ResolverContext, run: Run) => Rendered {
  const render = compileRender(source);
  return (ctx, run) => render(ctx, run).rendered;
}

function compileHandler(source: TemplateSource): (ctx: ResolverContext, run: Run) => HandlerResult {
  const render = compileRender(source);
  return (ctx, run) => {
    const { rendered, budget } = render(ctx, run);
    if (rendered.kind === 'return') return rendered;
    const { text } = rendered;
    const value = text.trim() === '' ? null : readJson(text, budget, { trailingCommas: true, uniqueKeys: true });
    return { kind: 'value', value };
  };
}

function compileRender(
  source: TemplateSource,
): (ctx: ResolverContext, run: Run) => { rendered: Rendered; budget: Budget } {
  const render = compileBlock(parseTemplate(source), source.name);
  return (ctx, run) => {
    const limits = { ...defaultBudgetLimits, ...run.limits };
    const budget = new Budget(source.name, limits, run.clock ?? (() => performance.now()));
    const frame = new Frame({ ctx, run, budget }, createContextMap(ctx));
    if (render(frame) !== 'return') return { rendered: { kind: 'text', text: frame.text }, budget };
    return { rendered: { kind: 'return', value: snapshot(frame.returned, budget), skipTo: 'NEXT' }, budget };
  };
}
