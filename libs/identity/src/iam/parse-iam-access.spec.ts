import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { IamAccessError } from './access-faults.js';
import { parseIamAccess } from './parse-iam-access.js';

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

const file = `
accessKeys:
  - accessKeyId: AKIAIOSFODNN7EXAMPLE
    secretAccessKey: ${secret}
    userArn: arn:aws:iam::111122223333:user/backend
    allow: ['Mutation.*', Query.getBoard]
    deny: [Mutation.deleteBoard]
  - accessKeyId: ASIAIOSFODNN7EXAMPLE
    secretAccessKey: ${secret}
    sessionToken: |
      FwoGZXIvYXdzEXAMPLETOKEN
    username: nightly
    accountId: '444455556666'
principals:
  - userArn: arn:aws:sts::111122223333:assumed-role/Backend/*
    allow: ['*']
`;

const faultsOf = (text: string): readonly string[] => {
  try {
    parseIamAccess(text);
  } catch (error) {
    if (error instanceof IamAccessError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
};

describe('an access file', () => {
  it('should name its keys, with the account that the ARN names', () => {
    const { keys } = parseIamAccess(file);
    expect(keys.get('AKIAIOSFODNN7EXAMPLE')).toMatchObject({
      userArn: 'arn:aws:iam::111122223333:user/backend',
      username: null,
      accountId: '111122223333',
      sessionTokenDigest: null,
    });
    expect(keys.get('ASIAIOSFODNN7EXAMPLE')).toMatchObject({
      userArn: null,
      username: 'nightly',
      accountId: '444455556666',
    });
  });

  it('should compile what a key may access', () => {
    const { keys } = parseIamAccess(file);
    const allows = keys.get('AKIAIOSFODNN7EXAMPLE')?.policy.allowsField;
    expect(allows?.('Mutation', 'createBoard')).toBe(true);
    expect(allows?.('Mutation', 'deleteBoard')).toBe(false);
    expect(allows?.('Query', 'listBoards')).toBe(false);
    expect(keys.get('ASIAIOSFODNN7EXAMPLE')?.policy.allowsNothing).toBe(true);
  });

  it('should read JSON as well', () => {
    const access = parseIamAccess(
      JSON.stringify({ accessKeys: [{ accessKeyId: 'AKIA1', secretAccessKey: secret, sessionToken: null }] }),
    );
    expect([...access.keys.keys()]).toEqual(['AKIA1']);
    expect(access.keys.get('AKIA1')?.sessionTokenDigest).toBeNull();
  });

  it('should match principals by pattern', () => {
    const [principal] = parseIamAccess(file).principals;
    expect(principal?.matchesArn('arn:aws:sts::111122223333:assumed-role/Backend/i-0123')).toBe(true);
    expect(principal?.matchesArn('arn:aws:sts::999922223333:assumed-role/Backend/i-0123')).toBe(false);
  });

  it('should not show a secret to whoever prints it', () => {
    const access = parseIamAccess(file);
    access.keys.get('AKIAIOSFODNN7EXAMPLE')?.signingKey('20261122', 'eu-central-1');
    const printed = `${inspect(access, { depth: 9, showHidden: true })}${JSON.stringify([...access.keys.values()])}`;
    expect(printed).toContain('AKIAIOSFODNN7EXAMPLE');
    expect(printed).not.toContain(secret);
    expect(printed).not.toContain('FwoGZXIvYXdzEXAMPLETOKEN');
  });
});

describe('the faults of an access file', () => {
  it('should come all at once, each with its line, its place and what to write', () => {
    const text = `accessKeys:
  - accessKeyId: AKIA1
    secretAccesKey: ${secret}
    allow: Mutation.*
  - accessKeyId: 'no key'
    secretAccessKey: short
    accountId: 111122223333
    userArn: backend
    deny: [Mutation, '*']
  - accessKeyId: AKIA3
    secretAccessKey: ${secret}
  - accessKeyId: AKIA3
    secretAccessKey: ${secret}
principals:
  - allow: ['*']
  - userArn: 'arn:aws:s3:::bucket'
`;
    expect(faultsOf(text)).toEqual([
      'line 2: accessKeys[0]: secretAccessKey is missing. Write 16 to 256 printable characters without blanks.',
      'line 3: accessKeys[0]: "secretAccesKey" is not known. Write one of accessKeyId, secretAccessKey, sessionToken, userArn, username, accountId, allow, deny.',
      'line 4: accessKeys[0].allow: It must be a list. Begin each item with "- ".',
      'line 5: accessKeys[1].accessKeyId: Write letters and digits, 128 at the most, as in AKIAIOSFODNN7EXAMPLE.',
      'line 6: accessKeys[1].secretAccessKey: Write 16 to 256 printable characters without blanks.',
      'line 7: accessKeys[1].accountId: It must be a text. Put it in quotes.',
      'line 8: accessKeys[1].userArn: Write an ARN such as arn:aws:iam::111122223333:user/backend.',
      'line 9: accessKeys[1].deny[0]: It names no field. Write "*", a type and a field such as Query.getBoard or Mutation.*, or the ARN of a field.',
      'line 12: accessKeys[3]: The access key AKIA3 is listed twice. Leave one out.',
      'line 15: principals[0]: userArn is missing. Write an ARN such as arn:aws:sts::111122223333:assumed-role/Backend/*.',
      'line 16: principals[1].userArn: Write an ARN such as arn:aws:sts::111122223333:assumed-role/Backend/*.',
    ]);
  });

  it.each([
    {
      name: 'an empty file',
      text: '',
      fault: 'line 1: It must be a mapping. Write accessKeys and principals below it.',
    },
    {
      name: 'a list',
      text: '- accessKeyId: AKIA1',
      fault: 'line 1: It must be a mapping. Write accessKeys and principals below it.',
    },
    { name: 'no YAML', text: 'a: [', fault: 'line 1: It is no YAML (BAD_INDENT). Put texts in quotes.' },
    {
      name: 'a repeated name',
      text: 'accessKeys: []\naccessKeys: []',
      fault: 'line 2: It is no YAML (DUPLICATE_KEY). Put texts in quotes.',
    },
    {
      name: 'an alias',
      text: `accessKeys:\n  - secretAccessKey: *${secret}`,
      fault: 'line 2: Aliases are not read. Put texts that begin with * or & in quotes.',
    },
    {
      name: 'an access key that is no mapping',
      text: `accessKeys: [${secret}]`,
      fault: 'line 1: accessKeys[0]: It must be a mapping. Write accessKeyId and secretAccessKey below it.',
    },
  ])('should tell of $name', ({ text, fault }) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  it.each([
    `accessKeys:\n  - ${secret}: AKIA1`,
    `accessKeys:\n  - {${secret}}`,
    `accessKeys:\n  - accessKeyId: ${secret}`,
    `accessKeys:\n  - secretAccessKey: *${secret}`,
    `accessKeys:\n  - secretAccessKey: '${secret}`,
    `accessKeys:\n  - secretAccessKey: {${secret}: &${secret} ${secret}, ${secret}: 1}`,
    `accessKeys:\n  - {accessKeyId: AKIA1, secretAccessKey: '${secret} ${secret}', accountId: '${secret}'}`,
    `accessKeys:\n  - {accessKeyId: AKIA1, allow: ['${secret}'], userArn: '${secret}'}`,
    `${secret}: !${secret} *x`,
    `%${secret}\n--- %${secret}`,
    `? ${secret}\n\t- ${secret}`,
  ])('should not show a secret that is in the wrong place: %#', (text) => {
    const faults = faultsOf(text);
    expect(faults).not.toEqual([]);
    expect(faults.join()).not.toContain(secret.slice(0, 12));
  });
});
