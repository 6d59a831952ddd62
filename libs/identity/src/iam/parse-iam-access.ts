import { createHash } from 'node:crypto';
import { isAlias, LineCounter, parseDocument, visit } from 'yaml';
import { AccessFaults, IamAccessError } from './access-faults.js';
import type { Place } from './access-faults.js';
import { readItems, readItemText, readMembers, readOptionalText, readText } from './access-reader.js';
import type { Members } from './access-reader.js';
import { createSigningKeys } from './iam-access.js';
import type { IamAccess, IamAccessKey, IamPrincipal, WrittenPattern } from './iam-access.js';
import { compileIamPolicy, readFieldPattern } from './iam-policy.js';
import type { FieldPattern } from './iam-policy.js';
import { accessKeyIdPattern } from './signature-header.js';
import { compileWildcard } from './wildcard.js';

/** `arn:<partition>:<iam or sts>::<account>:<resource>`. */
const callerArn = /^arn:[\w-]+:(?:iam|sts)::(\d{12}):(\S+)$/;

const rules = {
  accessKeyId: {
    pattern: accessKeyIdPattern,
    hint: 'Write letters and digits, 128 at the most, as in AKIAIOSFODNN7EXAMPLE.',
  },
  // 16 bytes as for every secret of ours; AWS's own have 40 characters.
  secretAccessKey: { pattern: /^[\x21-\x7e]{16,256}$/, hint: 'Write 16 to 256 printable characters without blanks.' },
  sessionToken: {
    pattern: /^[\x21-\x7e]{1,8192}$/,
    hint: 'Write printable characters without blanks, or leave it out.',
  },
  accountId: { pattern: /^\d{12}$/, hint: 'Write the 12 digits of the account, in quotes.' },
  username: { pattern: /^[^\p{C}]{1,256}$/u, hint: 'Write a name of 1 to 256 characters.' },
  userArn: { pattern: callerArn, hint: 'Write an ARN such as arn:aws:iam::111122223333:user/backend.' },
  principalArn: {
    pattern: /^arn:[\w*?-]+:(?:iam|sts|\*):\*?:[\d*?]{1,12}:\S+$/,
    hint: 'Write an ARN such as arn:aws:sts::111122223333:assumed-role/Backend/*.',
  },
  field: {
    pattern: /\S/,
    hint: 'Write "*", a type and a field such as Query.getBoard or Mutation.*, or the ARN of a field.',
  },
} as const;

/**
 * Reads an access file, YAML or JSON (docs/reference/iam.md). Throws {@link IamAccessError} with everything that is wrong at
 * once; no fault shows a secret.
 */
export function parseIamAccess(text: string): IamAccess {
  const lines = new LineCounter();
  const faults = new AccessFaults(lines);
  // Without excerpts: they would show what stands around a mistake.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const root: Place = { node: document.contents, path: '' };
  for (const error of document.errors) {
    // The code alone: texts of the parser quote names of the file, and an unquoted secret may look like one.
    throw new IamAccessError([
      { line: faults.lineAt(error.pos[0]), place: '', message: `It is no YAML (${error.code}). Put texts in quotes.` },
    ]);
  }
  visit(document, {
    Alias: (_key, node) => {
      if (isAlias(node))
        faults.add({ node, path: '' }, 'Aliases are not read. Put texts that begin with * or & in quotes.');
    },
  });
  const access = faults.isEmpty ? readAccess(root, faults) : null;
  if (access === null || !faults.isEmpty) throw new IamAccessError(faults.sorted());
  return access;
}

function readAccess(root: Place, faults: AccessFaults): IamAccess | null {
  const members = readMembers(root, ['accessKeys', 'principals'], faults);
  if (members === null) return null;
  const keys = new Map<string, IamAccessKey>();
  const patterns: WrittenPattern[] = [];
  for (const place of readItems(members.get('accessKeys'), faults)) {
    const key = readKey(place, faults, patterns);
    if (key === null) continue;
    if (keys.has(key.accessKeyId))
      faults.add(place, `The access key ${key.accessKeyId} is listed twice. Leave one out.`);
    keys.set(key.accessKeyId, key);
  }
  const principals = readItems(members.get('principals'), faults)
    .map((place) => readPrincipal(place, faults, patterns))
    .filter((principal) => principal !== null);
  return Object.freeze({ keys, principals: Object.freeze(principals), patterns: Object.freeze(patterns) });
}

function readKey(place: Place, faults: AccessFaults, patterns: WrittenPattern[]): IamAccessKey | null {
  const names = ['accessKeyId', 'secretAccessKey', 'sessionToken', 'userArn', 'username', 'accountId', 'allow', 'deny'];
  const members = readMembers(place, names, faults);
  if (members === null) return null;
  const accessKeyId = readText(members, 'accessKeyId', place, rules.accessKeyId, faults);
  const secretAccessKey = readText(members, 'secretAccessKey', place, rules.secretAccessKey, faults);
  const sessionToken = readOptionalText(members, 'sessionToken', rules.sessionToken, faults);
  const userArn = readOptionalText(members, 'userArn', rules.userArn, faults);
  const accountId = readOptionalText(members, 'accountId', rules.accountId, faults);
  const username = readOptionalText(members, 'username', rules.username, faults);
  const { allow, deny } = readPolicy(members, faults, patterns);
  if (accessKeyId === null || secretAccessKey === null) return null;
  return Object.freeze({
    accessKeyId,
    userArn,
    username,
    accountId: accountId ?? callerArn.exec(userArn ?? '')?.[1] ?? null,
    policy: compileIamPolicy(allow, deny),
    sessionTokenDigest: sessionToken === null ? null : createHash('sha256').update(sessionToken).digest(),
    signingKey: createSigningKeys(secretAccessKey),
  });
}

function readPrincipal(place: Place, faults: AccessFaults, patterns: WrittenPattern[]): IamPrincipal | null {
  const members = readMembers(place, ['userArn', 'allow', 'deny'], faults);
  if (members === null) return null;
  const userArn = readText(members, 'userArn', place, rules.principalArn, faults);
  const policy = readPolicy(members, faults, patterns);
  return userArn === null ? null : Object.freeze({ userArn, matchesArn: compileWildcard(userArn), ...policy });
}

/** What it reads is added to `patterns` as well. */
function readPolicy(members: Members, faults: AccessFaults, patterns: WrittenPattern[]) {
  const read = (name: string): readonly FieldPattern[] =>
    readItems(members.get(name), faults).flatMap((place) => {
      const text = readItemText(place, rules.field, faults);
      if (text === null) return [];
      const pattern = readFieldPattern(text);
      if (pattern === null) faults.add(place, `It names no field. ${rules.field.hint}`);
      if (pattern === null) return [];
      patterns.push(Object.freeze({ ...pattern, line: faults.lineOf(place), place: place.path }));
      return [pattern];
    });
  return { allow: read('allow'), deny: read('deny') };
}
