import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SigningKey } from './request-signers.js';

export interface ProofToSign {
  readonly endpoint: string;
  readonly apiName: string;
  readonly key: SigningKey;
  readonly at?: Date;
  readonly expiresInS?: number;
  readonly action?: string;
}

/** A proof of who the caller is, made as docs/reference/iam.md tells. */
export async function signProof(proof: ProofToSign): Promise<string> {
  return `starling-sts.${Buffer.from(await presign(proof)).toString('base64url')}`;
}

async function presign({
  endpoint,
  apiName,
  key,
  at,
  expiresInS = 900,
  action = 'GetCallerIdentity',
}: ProofToSign): Promise<string> {
  const { protocol, hostname, host, origin } = new URL(endpoint);
  const signer = new SignatureV4({ credentials: key, region: 'eu-central-1', service: 'sts', sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol,
      hostname,
      path: '/',
      query: { Action: action, Version: '2011-06-15' },
      headers: { host, 'x-starling-api': apiName },
    },
    { expiresIn: expiresInS, ...(at === undefined ? {} : { signingDate: at }) },
  );
  return `${origin}/?${new URLSearchParams(query as Record<string, string>).toString()}`;
}

/** Stands in for STS: verifies a presigned question with the key that it knows, and answers as AWS does. */
export interface StsServer {
  readonly endpoint: string;
  /** Questions so far. */
  readonly questions: number;
  /** Answers in place of STS; null: STS again. */
  answerWith: ((response: ServerResponse) => void) | null;
  stop(): Promise<void>;
}

export async function startStsServer(key: SigningKey, arn: string): Promise<StsServer> {
  let questions = 0;
  const server = createServer((request, response) => {
    questions += 1;
    if (sts.answerWith !== null) return sts.answerWith(response);
    void isSigned(request, sts.endpoint, key).then((isRight) => {
      response.writeHead(isRight ? 200 : 403, { 'content-type': 'application/json' });
      const result = { Account: '111122223333', Arn: arn, UserId: 'AROAEXAMPLE:i-0123' };
      const answer = { GetCallerIdentityResponse: { GetCallerIdentityResult: result } };
      const refusal = { Error: { Code: 'SignatureDoesNotMatch', Type: 'Sender' } };
      response.end(JSON.stringify(isRight ? answer : refusal));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sts: StsServer = {
    endpoint: `http://127.0.0.1:${port}`,
    get questions() {
      return questions;
    },
    answerWith: null,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return sts;
}

/** Signs the same question again, with the headers as they arrived. */
async function isSigned(request: IncomingMessage, endpoint: string, key: SigningKey): Promise<boolean> {
  const sent = new URL(request.url ?? '/', endpoint).searchParams;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(sent.get('X-Amz-Date') ?? '') ?? [];
  const again = await presign({
    endpoint,
    apiName: String(request.headers['x-starling-api']),
    key,
    at: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
    expiresInS: Number(sent.get('X-Amz-Expires')),
  });
  const digest = (query: URLSearchParams) => Buffer.from(query.get('X-Amz-Signature')?.padEnd(64) ?? '');
  return timingSafeEqual(digest(sent), digest(new URL(again).searchParams));
}
