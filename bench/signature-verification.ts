import { createHash, createHmac } from 'node:crypto';
import { createIamVerifier, parseIamAccess, readCredentials, startRequest } from '#libs/identity';
import type { Credentials } from '#libs/identity';
import { row } from './measure/row.js';
import type { Row } from './measure/row.js';
import { median } from './measure/statistics.js';

/**
 * Time to learn who a request is from its SigV4 signature over 1 KB, with a hundred access keys in force. Nothing of it is kept
 * but the key of the day: each signature is another. An unknown access key must cost the same. Medians of rounds.
 */
const rounds = 15;
const signaturesPerRound = 2_000;
/** That of a token: whoever sends signatures must not cost more. */
const maxUs = 150;

const region = 'eu-central-1';
const keys = Array.from({ length: 100 }, (_, index) => ({
  accessKeyId: `AKIABENCH${index}`,
  secretAccessKey: `secret-of-access-key-${index}`,
  allow: ['Mutation.*', 'Board.*'],
}));
const access = parseIamAccess(JSON.stringify({ accessKeys: keys }));
const verifier = createIamVerifier({ access: { current: () => access } });

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** A signature over Amplify's headers of a start. */
function sign(accessKeyId: string, secret: string, index: number): Credentials {
  const body = JSON.stringify({
    query: 'subscription { onCreateTask { id } }',
    variables: { index, text: 'x'.repeat(900) },
  });
  const time = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
  const date = time.slice(0, 8);
  const headers: Record<string, string> = {
    accept: 'application/json, text/javascript',
    'content-encoding': 'amz-1.0',
    'content-type': 'application/json; charset=UTF-8',
    host: 'boards.example.com',
    'x-amz-date': time,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const scope = `${date}/${region}/appsync/aws4_request`;
  const request = ['POST', '/graphql', '', lines.join(''), names, hash(body)].join('\n');
  const key = [date, region, 'appsync', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(request)}`).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return readCredentials({ ...headers, authorization }, [], startRequest('/graphql', body, 'r1'));
}

const signed = Array.from({ length: signaturesPerRound }, (_, index) => {
  const { accessKeyId, secretAccessKey } = keys[index % keys.length]!;
  return sign(accessKeyId, secretAccessKey, index);
});
const unknown = Array.from({ length: signaturesPerRound }, (_, index) => sign('AKIASTRANGER', 'guess', index));

export async function measure(): Promise<readonly Row[]> {
  const target = { atMost: maxUs };
  return [
    row({ name: 'signature: right', figure: await medianUs(signed), unit: 'µs', target }),
    row({ name: 'signature: of an unknown key', figure: await medianUs(unknown), unit: 'µs', target }),
  ];
}

async function medianUs(attempts: readonly Credentials[]): Promise<number> {
  const times: number[] = [];
  // The first round warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const began = performance.now();
    for (const credentials of attempts) await verifier.verify(credentials).catch((error: unknown) => error);
    times.push(((performance.now() - began) * 1_000) / attempts.length);
  }
  return median(times.slice(1));
}
