import { X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { generate } from 'selfsigned';
import { writePrivate } from '../data-folder.js';

/** A certificate for this machine's own names, and the authority that signed it. */
export interface LocalCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM, the server's certificate. */
  readonly cert: string;
  /** File of the authority's certificate, for clients to trust. */
  readonly caFile: string;
}

/** The authority lasts, because people add it to their trust store; browsers refuse server certificates beyond 398 days. */
const authorityDays = 3650;
const certificateDays = 397;
/** A certificate is renewed when it has fewer days left. */
const renewalDays = 30;
const dayMs = 86_400_000;

/** The certificate in a folder; made, with its authority, at the first call, and renewed in time by the same authority. */
export async function localCertificate(folder: string): Promise<LocalCertificate> {
  await mkdir(folder, { recursive: true });
  const file = (name: string): string => path.join(folder, name);
  const authority = await readOrMake(file('ca.pem'), file('ca-key.pem'), () =>
    generate([{ name: 'commonName', value: 'Starling local authority' }], {
      ...lifetime(authorityDays),
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    }),
  );
  const server = await readOrMake(file('server.pem'), file('server-key.pem'), () =>
    generate([{ name: 'commonName', value: 'localhost' }], {
      ...lifetime(certificateDays),
      keyType: 'ec',
      algorithm: 'sha256',
      ca: { key: authority.key, cert: authority.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
            { type: 7, ip: '::1' },
          ],
        },
      ],
    }),
  );
  return { ...server, caFile: file('ca.pem') };
}

/** A lifetime that began yesterday: clocks of clients differ. */
function lifetime(days: number): { notBeforeDate: Date; notAfterDate: Date } {
  return { notBeforeDate: new Date(Date.now() - dayMs), notAfterDate: new Date(Date.now() + days * dayMs) };
}

interface Pair {
  readonly key: string;
  readonly cert: string;
}

async function readOrMake(
  certFile: string,
  keyFile: string,
  make: () => Promise<{ private: string; cert: string }>,
): Promise<Pair> {
  const known = await readPair(certFile, keyFile);
  if (known) return known;
  const made = await make();
  await writePrivate(keyFile, made.private);
  await writePrivate(certFile, made.cert);
  return { key: made.private, cert: made.cert };
}

/** Undefined when there is none, or none that lasts. */
async function readPair(certFile: string, keyFile: string): Promise<Pair | undefined> {
  try {
    const pair = { key: await readFile(keyFile, 'utf8'), cert: await readFile(certFile, 'utf8') };
    return Date.parse(new X509Certificate(pair.cert).validTo) > Date.now() + renewalDays * dayMs ? pair : undefined;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}
