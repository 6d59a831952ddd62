import type { ValueMap } from '#libs/resolver-runtime';
import { toValue } from '#libs/resolver-runtime';
import { describe, expect, it } from 'vitest';
import { createContext, evaluate } from './fixtures.js';

function toMap(xml: string): unknown {
  return evaluate('#return($util.xml.toMap($ctx.args.xml))', createContext({ args: toValue({ xml }) as ValueMap }));
}

describe('util.xml.toMap', () => {
  it.each<[string, string, unknown]>([
    [
      'the sample of the guide',
      '<?xml version="1.0" encoding="UTF-8"?>\n<posts>\n<post>\n<id>1</id>\n<title>Getting started</title>\n</post>\n</posts>',
      { posts: { post: { id: 1, title: 'Getting started' } } },
    ],
    ['repeated elements', '<a><b>1</b><c/><b>2</b><b>3</b></a>', { a: { b: [1, 2, 3], c: '' } }],
    ['attributes', `<a b='1' c = "x">text</a >`, { a: { b: 1, c: 'x', content: 'text' } }],
    ['an attribute of the name of an element', '<a b="1"><b>2</b></a>', { a: { b: [1, 2] } }],
    ['an empty element', '<a></a>', { a: '' }],
    ['an empty element with attributes', '<a b="1"/>', { a: { b: 1 } }],
    ['numbers and booleans', '<a><b>-1.5</b><c>true</c><d>0</d></a>', { a: { b: -1.5, c: true, d: 0 } }],
    [
      'what only looks like a number',
      '<a><b>0012</b><c>1e5</c><d>+1</d><e>12345678901234567</e></a>',
      { a: { b: '0012', c: '1e5', d: '+1', e: '12345678901234567' } },
    ],
    ['text around elements', '<a>x <b>1</b> y</a>', { a: { b: 1, content: 'x  y' } }],
    ['references', '<a b="&quot;">&lt;&amp;&gt;&apos;&#65;&#x1F600;</a>', { a: { b: '"', content: "<&>'A\u{1F600}" } }],
    ['character data', '<a><![CDATA[<b>&amp;</b>]]></a>', { a: '<b>&amp;</b>' }],
    ['comments and instructions', '<!-- a --><?x y?><a><!-- <b> -->1<?z?></a><!-- -->', { a: 1 }],
    ['prefixes', '<n:a xmlns:n="u"><n:b>1</n:b></n:a>', { 'n:a': { 'xmlns:n': 'u', 'n:b': 1 } }],
    ['names in any script', '<tâche>x</tâche>', { tâche: 'x' }],
  ])('should read %s', (_story, xml, value) => {
    expect(toMap(xml)).toEqual(value);
  });

  it.each([
    ['', "'<' is missing, at line 1"],
    ['plain', "'<' is missing"],
    ['<a>\n\n<b></a>', '</b> is missing, at line 3'],
    ['<a>1', 'the text ends inside an element'],
    ['<a b="1', '" is missing'],
    ['<a b=1/>', "the value of the attribute 'b' is not in quotes"],
    ['<a b/>', "'=' is missing"],
    ['<a b="1" b="2"/>', "the attribute 'b' occurs twice"],
    ['<a><!-- </a>', '--> is missing'],
    ['<a/><b/>', 'only comments may follow the root element'],
    ['< a/>', 'a name is missing'],
    ['<a>&nbsp;</a>', 'an & begins no entity that is known'],
    ['<a>a & b</a>', 'an & begins no entity that is known'],
    ['<a>&#0;</a>', 'an & begins no entity that is known'],
    ['<a>&toString;</a>', 'an & begins no entity that is known'],
  ])('should refuse %j', (xml, message) => {
    expect(() => toMap(xml)).toThrow(message);
  });

  it.each([
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['an external document type', '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>'],
    ['entities of entities', '<!DOCTYPE a [<!ENTITY x "yy"><!ENTITY z "&x;&x;">]><a>&z;</a>'],
  ])('should refuse %s', (_story, xml) => {
    expect(() => toMap(xml)).toThrow('a document type is not allowed');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('should refuse the name %s', (name) => {
    expect(() => toMap(`<a><${name}>1</${name}></a>`)).toThrow(`The key '${name}' is reserved`);
    expect(() => toMap(`<a ${name}="1"/>`)).toThrow(`The key '${name}' is reserved`);
  });

  it.each([
    ['deep nesting', '<a>'.repeat(10_000), '256 levels of nesting'],
    ['very many elements', `<r>${'<a>1</a>'.repeat(600_000)}</r>`, 'the limit of'],
    ['very long text', `<r>${'x'.repeat(34_000_000)}</r>`, 'the limit of'],
  ])('should end by a limit for %s', (_story, xml, message) => {
    const startedAt = performance.now();
    expect(() => toMap(xml)).toThrow(message);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe('util.xml.toJsonString', () => {
  it('should give JSON text', () => {
    expect(evaluate('#return($util.xml.toJsonString("<a><b>1</b></a>"))')).toBe('{"a":{"b":1}}');
  });

  it('should give a JSON string of it when asked to', () => {
    expect(evaluate('#return($util.xml.toJsonString("<a><b>x</b></a>", true))')).toBe('"{\\"a\\":{\\"b\\":\\"x\\"}}"');
  });
});
