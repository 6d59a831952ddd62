import { expect, it } from 'vitest';
import { Readiness } from './readiness.js';

it('should not be ready before the process serves, nor once it stops', () => {
  const readiness = new Readiness();
  expect(readiness.report).toEqual({ isReady: false, checks: { process: 'The process is starting.' } });
  readiness.begin({});
  expect(readiness.report).toEqual({ isReady: true, checks: { process: 'ok' } });
  readiness.drain();
  expect(readiness.report).toEqual({ isReady: false, checks: { process: 'The process is stopping.' } });
});

it('should be ready while every check holds, and say which does not', () => {
  const readiness = new Readiness();
  let failure: string | undefined;
  readiness.begin({ eventLog: () => undefined, publishQueue: () => failure });
  expect(readiness.report).toEqual({ isReady: true, checks: { process: 'ok', eventLog: 'ok', publishQueue: 'ok' } });
  failure = 'It is full.';
  expect(readiness.report).toMatchObject({ isReady: false, checks: { eventLog: 'ok', publishQueue: 'It is full.' } });
  failure = undefined;
  expect(readiness.report.isReady).toBe(true);
});
