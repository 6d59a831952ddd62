import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { auditLogger, createLogger } from './logger.js';

/** The messages that are written at a level of the process. */
function writtenAt(level: string): readonly string[] {
  const messages: string[] = [];
  const destination = new Writable({
    write: (line, _encoding, done) => done(void messages.push((JSON.parse(String(line)) as { msg: string }).msg)),
  });
  const logger = createLogger({ name: 'gateway', level, destination });
  const audit = auditLogger(logger);
  logger.info('A record');
  audit.info({ audit: true }, 'A record for audit');
  audit.debug('Detail');
  return messages;
}

describe('a record for audit', () => {
  it.each([
    ['debug', ['A record', 'A record for audit', 'Detail']],
    ['info', ['A record', 'A record for audit']],
    ['warn', ['A record for audit']],
    ['fatal', ['A record for audit']],
    ['silent', []],
  ])('should be written by a process that logs at level %s', (level, messages) => {
    expect(writtenAt(level)).toEqual(messages);
  });
});
