import { describe, expect, it } from 'vitest';
import cases from './vtl-grammar.json' with { type: 'json' };
import { createContext, createRun, evaluate, render, runTemplate } from './fixtures.js';

interface GrammarCase {
  readonly group: string;
  readonly template: string;
  readonly text?: string;
  readonly error?: string;
}

const groups = Map.groupBy(cases as readonly GrammarCase[], ({ group }) => group);

describe.each([...groups])('%s', (_group, groupCases) => {
  it.each(groupCases)('should render $template', ({ template, text, error }) => {
    if (error === undefined) {
      expect(render(template)).toBe(text);
    } else {
      expect(() => render(template)).toThrow(error);
    }
  });
});

describe('the end of a template', () => {
  it('should give the value of #return and leave out the rest', () => {
    const result = runTemplate('{"a": 1 #return({"b": $ctx.args.tags}) $util.error("not reached")');
    expect(result).toEqual({ kind: 'return', value: { b: ['urgent', 'roof'] }, skipTo: 'NEXT' });
  });

  it.each(['#return', '#return()', '#return( )', '#foreach($i in [1..3])#return#end'])(
    'should give null for %s',
    (text) => {
      expect(runTemplate(`${text} "rest"`)).toEqual({ kind: 'return', value: null, skipTo: 'NEXT' });
    },
  );

  it('should keep what is rendered before #stop', () => {
    expect(evaluate('{"a": 1}#if(true)#stop#end $util.error("not reached")')).toEqual({ a: 1 });
  });

  it('should stop at a #break outside of a loop', () => {
    expect(evaluate('[1] #break ,')).toEqual([1]);
  });
});

describe('the rendered document', () => {
  it.each(['', '  \n', '#set($a = 1)\n', '## only a comment'])('should be null when %j renders nothing', (text) => {
    expect(runTemplate(text)).toEqual({ kind: 'value', value: null });
  });

  it('should take trailing commas', () => {
    expect(evaluate('{"list": [1, 2,], "key": {"id": "7",},}')).toEqual({ list: [1, 2], key: { id: '7' } });
  });

  it.each([
    ['{"aField": 1, "aField": 2}', "Duplicate field 'aField' detected on Object. Duplicate JSON keys are not allowed."],
    ['{} {}', 'Trailing characters at the end of the JSON string are not allowed.'],
    [
      '{"id": $ctx.missing}',
      "Unable to parse the JSON document: unexpected '$ctx.missing' where a value should be, at line 1, column 8.",
    ],
  ])('should refuse %s as AppSync does', (text, message) => {
    expect(() => evaluate(text)).toThrow(
      expect.objectContaining({ name: 'FieldError', errorType: 'MappingTemplate', message }),
    );
  });
});

describe('the state of a resolver', () => {
  it('should hand the stash from one handler to the next', () => {
    const ctx = createContext();
    evaluate('$util.qr($ctx.stash.put("owner", "jdoe"))', ctx, createRun({ phase: 'request' }));
    expect(evaluate('$util.toJson($ctx.stash.owner)', ctx)).toBe('jdoe');
  });

  it('should read result, error, previous result and selection', () => {
    const ctx = createContext({
      result: { items: [1] },
      error: { message: 'no', type: 'DynamoDB:X' },
      prev: { result: 'before' },
      info: { fieldName: 'f', parentTypeName: 'T', variables: {}, selectionSetList: ['id', 'author/name'] },
    });
    const text = '$ctx.result.items[0] $ctx.error.type $ctx.prev.result $ctx.info.selectionSetList[1] $ctx.env.TABLE';
    expect(render(text, ctx)).toBe('1 DynamoDB:X before author/name tasks');
  });

  it('should forget variables between runs', () => {
    const text = '#if($seen)"twice"#{else}"once"#end#set($seen = true)';
    expect([evaluate(text), evaluate(text)]).toEqual(['once', 'once']);
  });

  it('should give values that later changes do not reach', () => {
    const ctx = createContext();
    const { value } = runTemplate('#return($ctx.args)', ctx);
    ctx.args['title'] = 'changed';
    expect(value).toMatchObject({ title: 'Fix the roof' });
  });
});
