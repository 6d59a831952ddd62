import fc from 'fast-check';

const names = fc.constantFrom('$x', '$y', '$ctx.args', '$ctx.args.tags', '$ctx.args.id', '$ctx.stash', '$missing');
const methods = fc.constantFrom(
  ...[
    'put',
    'get',
    'add',
    'addAll',
    'remove',
    'set',
    'size',
    'contains',
    'containsAll',
    'indexOf',
    'retainAll',
    'removeAll',
  ],
  ...[
    'entrySet',
    'keySet',
    'values',
    'clear',
    'subList',
    'putAll',
    'equals',
    'toString',
    'substring',
    'split',
    'replace',
  ],
  ...[
    'replaceAll',
    'matches',
    'concat',
    'charAt',
    'parseInt',
    'intValue',
    'constructor',
    '__proto__',
    'hasOwnProperty',
  ],
);
const functions = fc.constantFrom(
  ...[
    'qr',
    'toJson',
    'parseJson',
    'isNullOrEmpty',
    'defaultIfNull',
    'typeOf',
    'matches',
    'urlEncode',
    'urlDecode',
    'validate',
  ],
  ...[
    'base64Encode',
    'base64Decode',
    'escapeJavaScript',
    'autoUlid',
    'error',
    'appendError',
    'list.sortList',
    'list.copyAndRetainAll',
  ],
  ...[
    'map.copyAndRemoveAllKeys',
    'str.normalize',
    'str.toReplace',
    'math.roundNum',
    'math.randomWithinRange',
    'log.info',
  ],
  ...[
    'time.parseISO8601ToEpochMilliSeconds',
    'time.epochMilliSecondsToISO8601',
    'dynamodb.toDynamoDBJson',
    'dynamodb.toMapValues',
  ],
  ...['dynamodb.toStringSetJson', 'dynamodb.toS3Object', 'dynamodb.fromS3ObjectJson', 'transform.toSubscriptionFilter'],
);
const literals = fc.constantFrom(
  ...[
    '0',
    '1',
    '-1',
    '2.5',
    '1e300',
    '9007199254740993',
    'true',
    'false',
    'null',
    '""',
    "'a'",
    '"$x"',
    "'(a*)*b'",
    "'['",
  ],
  ...["'$1'", '\'{"and": [{"id": {"eq": 1}}]}\'', "'2018-02-06T19:01:35Z'", "'nfkd'", '[]', '{}', '[3..-3]'],
);
const operators = fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '>=', 'and', '||');

/** Templates that parse: expressions over two variables and the context, in every directive. */
export const validTemplates = fc.letrec<{ expression: string; reference: string; statement: string }>((tie) => ({
  reference: fc.oneof(
    { maxDepth: 3 },
    names,
    fc
      .tuple(names, methods, fc.array(tie('expression'), { maxLength: 3 }))
      .map(([n, m, args]) => `${n}.${m}(${args.join(', ')})`),
    fc
      .tuple(functions, fc.array(tie('expression'), { maxLength: 4 }))
      .map(([f, args]) => `$util.${f}(${args.join(', ')})`),
    fc.tuple(names, tie('expression')).map(([n, index]) => `${n}.get(${index})`),
  ),
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    literals,
    names,
    tie('reference'),
    fc.tuple(tie('expression'), operators, tie('expression')).map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([k, v]) => `{"k": ${k}, ${v}: 1}`),
    tie('expression').map((operand) => `!${operand}`),
  ),
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('reference'),
    fc
      .tuple(fc.constantFrom('$x', '$y', '$x.k', '$y["k"]', '$x[0]', '$ctx.stash.k'), tie('expression'))
      .map(([t, e]) => `#set(${t} = ${e})`),
    fc
      .tuple(tie('expression'), tie('statement'), tie('statement'))
      .map(([c, a, b]) => `#if(${c})${a}#{else}${b}#{end}`),
    fc
      .tuple(tie('expression'), tie('statement'), tie('statement'))
      .map(([e, a, b]) => `#foreach($y in ${e})${a}${b}#{end}`),
    tie('expression').map((value) => `#return(${value})`),
    fc.constantFrom('#break', '#stop', 'text', '{"a": ', '}'),
  ),
})).statement;
