import { expect, it } from 'vitest';
import { authenticationLog } from './authentication-log.js';

function recording(): { readonly records: unknown[]; readonly log: ReturnType<typeof authenticationLog> } {
  const records: unknown[] = [];
  const at = (level: string) => (details: unknown, text: string) => records.push([level, text, details]);
  const logger = { debug: at('debug'), warn: at('warn'), error: at('error') };
  return { records, log: authenticationLog(logger as never, { now: () => 0 }) };
}

it('should log each refusal for those who look closely', () => {
  const { records, log } = recording();
  const refusal = { code: 'UNAUTHORIZED', message: 'No.', reasons: ['Its aud is another.'], requestId: 'r1' };
  log.onRefusal(refusal);
  log.onRefusal({ ...refusal, requestId: 'r2' });

  const details = { code: 'UNAUTHORIZED', answer: 'No.', reasons: ['Its aud is another.'] };
  expect(records).toEqual([
    ['debug', 'Credentials were not taken', { ...details, requestId: 'r1' }],
    ['debug', 'Credentials were not taken', { ...details, requestId: 'r2' }],
  ]);
});

it('should log an outage as an error, once', () => {
  const { records, log } = recording();
  const refusal = { code: 'INTERNAL_FAILURE', message: 'Later.', reasons: ['No keys.', 'Refused.'], requestId: null };
  for (let count = 0; count < 100; count += 1) log.onRefusal(refusal);

  expect(records.filter((record) => (record as string[])[0] === 'error')).toEqual([
    ['error', 'Credentials cannot be verified at the moment', { error: 'No keys. Refused.', omitted: undefined }],
  ]);
});

it('should log once what is behind the fault of a provider', () => {
  const { records, log } = recording();
  const fault = new TypeError('fetch failed', {
    cause: Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
  });
  for (let count = 0; count < 100; count += 1) log.onProviderFault(fault, 'The keys could not be read');

  expect(records).toEqual([
    ['warn', 'The keys could not be read', { error: 'fetch failed ECONNREFUSED', omitted: undefined }],
  ]);
});
