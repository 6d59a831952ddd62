import { describe, expect, it } from 'vitest';
import { TemplateSyntaxError, compileVtlHandlers } from '#libs/resolver-runtime';

function findFault(text: string): TemplateSyntaxError {
  const empty = { name: 'empty.vtl', text: '' };
  try {
    compileVtlHandlers({ request: { name: 'Query.getTask.request.vtl', text }, response: empty });
  } catch (error) {
    if (error instanceof TemplateSyntaxError) {
      return error;
    }
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('a template with a fault', () => {
  it.each([
    ['{\n  #if($a)\n', 2, 3, '#if is not closed'],
    ['#foreach($a in [1])', 1, 1, '#foreach is not closed'],
    ['a\n#end', 2, 1, '#end without #if or #foreach before it'],
    ['#else', 1, 1, '#else without #if or #foreach before it'],
    ['#if(true)#else#else#end', 1, 20, '#else after #else'],
    ['#foreach($a in [1])#else#end', 1, 25, '#else in #foreach'],
    ['#if $a', 1, 5, "expected '(' and found '$a'"],
    ['#if($a = 1)#end', 1, 8, "expected ')' and found '= 1)#end'"],
    ['#if()#end', 1, 5, "expected a value and found ')#end'"],
    ['#set($a)', 1, 8, "expected '=' and found ')'"],
    ['#set(a = 1)', 1, 6, '#set must begin with a $reference'],
    ['#set($a.b() = 1)', 1, 6, '#set cannot assign to $a.b()'],
    ['#foreach($a.b in [1])#end', 1, 10, '#foreach cannot assign to $a.b'],
    ['#foreach($a of [1])#end', 1, 13, "#foreach without 'in'"],
    ['#set($a = "open)', 1, 11, 'the string is not closed'],
    ['#set($a = [1, 2)', 1, 16, "expected ']' and found ')'"],
    ['#set($a = {"a" 1})', 1, 16, "expected ':' and found '1})'"],
    ['#set($a = "\n\n#if(true)")', 3, 1, '#if is not closed'],
    ['${a.b', 1, 6, "expected '}' and found the end"],
    ['$a.b(1', 1, 7, "expected ')' and found the end"],
    ['a #* b', 1, 3, "'#*' is not closed"],
    ['#[[ b', 1, 1, "'#[[' is not closed"],
    ['#set($a = "#return(1)")', 1, 12, '#return inside a string'],
    ['x\n#set($util = 1)', 2, 6, '$util cannot be replaced'],
    ['#set($ctx = {})', 1, 6, '$ctx cannot be replaced'],
    ['#set($extensions.a = 1)', 1, 6, '$extensions cannot be replaced'],
    ['#foreach($context in [1])#end', 1, 10, '$context cannot be replaced'],
    ['{"a": $util.toJson}', 1, 7, '$util can only be called'],
    ['#set($u = $util)', 1, 11, '$util can only be called'],
    ['$util.jsonify($a)', 1, 1, 'there is no function $util.jsonify'],
    ['$util.time.tomorrow()', 1, 1, 'there is no function $util.time.tomorrow'],
    ['$util.constructor("x")', 1, 1, 'there is no function $util.constructor'],
    ['$util.getClass().forName("x")', 1, 1, 'there is no function $util.getClass'],
    ['$extensions.evictFromApiCache("Query", "x", {})', 1, 1, '$extensions.evictFromApiCache is not available yet'],
  ])('should be refused at its place: %s', (text, line, column, problem) => {
    expect(findFault(text)).toMatchObject({ template: 'Query.getTask.request.vtl', line, column, problem });
  });

  it.each(['include("x")', 'parse("x")', 'evaluate($a)', 'macro(a)#end', 'define($a)#end'])(
    'should be refused for #%s',
    (directive) => {
      expect(findFault(`#${directive}`).problem).toMatch(/^#\w+ is not available$/);
    },
  );

  it('should name the file, the place and what would be right', () => {
    expect(findFault('#if($a == 1) 1').message).toBe('Query.getTask.request.vtl:1:1: #if is not closed. Add #end.');
  });

  it.each([
    ['brackets', `#set($a = ${'('.repeat(5000)}1${')'.repeat(5000)})`],
    ['lists', `#set($a = ${'['.repeat(5000)}`],
    ['blocks', '#if(true)'.repeat(5000)],
    ['negations', `#if(${'!'.repeat(50_000)}true)#end`],
  ])('should be refused for %s nested without end', (_what, text) => {
    expect(findFault(text).problem).toBe('nested deeper than 100 levels');
  });

  it('should be refused above 64 KB', () => {
    expect(findFault('é'.repeat(40_000)).problem).toBe('the template is larger than 65536 bytes');
  });
});
