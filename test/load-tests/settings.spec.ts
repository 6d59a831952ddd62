import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commonNames, readSettings, variables } from '../../load-tests/lib/settings.js';
import { readTokens } from '../../load-tests/lib/tokens.js';

const least = { BASE_URL: 'https://api.example.com', API_KEY: 'da2-key' };

describe('the settings of the load tests', () => {
  it('should follow from the address and the credentials alone', () => {
    const { settings, faults } = readSettings({ ...least, BASE_URL: 'https://api.example.com/' });
    expect(faults).toEqual([]);
    expect(settings).toMatchObject({
      GRAPHQL_URL: ['https://api.example.com/graphql'],
      REALTIME_URL: ['wss://api.example.com/graphql/realtime'],
      PROTOCOL: ['graphql-transport-ws'],
      CONNECTIONS: 1_000,
      BOARDS: 100,
      DURATION: 600_000,
      RAMP: 5_000,
      VUS: 14,
      PUBLISHERS: 2,
      INSECURE_TLS: false,
    });
  });

  it('should have no more publishers than boards, since a board has one', () => {
    expect(readSettings({ ...least, MATCH_PERCENT: '50', PUBLISHERS: '10' }).settings).toMatchObject({
      BOARDS: 2,
      PUBLISHERS: 2,
    });
  });

  it('should be those of the script where the environment has none, and the environment goes first', () => {
    const script = {
      defaults: { CONNECTIONS: '20', RATE: '5' },
      names: ['DRAIN_SECONDS', 'GATEWAYS', 'RESTART_WITHIN'],
    };
    const { settings } = readSettings({ ...least, RATE: '7', DRAIN_SECONDS: '30', DURATION: '1h30m' }, script);
    expect(settings).toMatchObject({ CONNECTIONS: 20, RATE: 7, DURATION: 5_400_000, RESTART_WITHIN: 80_000 });
  });

  it.each<[Record<string, string>, string[]]>([
    [
      { API_KEY: 'k' },
      [
        'GRAPHQL_URL is not known: set BASE_URL, as in -e BASE_URL=https://api.example.com, or GRAPHQL_URL.',
        'REALTIME_URL is not known: set BASE_URL, as in -e BASE_URL=https://api.example.com, or REALTIME_URL.',
      ],
    ],
    [
      { ...least, BASE_URL: 'api.example.com' },
      ['BASE_URL must be an address that begins with http:// or https://, not "api.example.com".'],
    ],
    [
      { ...least, BASE_URL: 'http://a,http://b' },
      ['BASE_URL must be one address; several are for GRAPHQL_URL and REALTIME_URL.'],
    ],
    [
      { ...least, REALTIME_URL: 'https://me:secret@a/graphql' },
      ['REALTIME_URL must be an address that begins with ws:// or wss://, not "https://me:***@a/graphql".'],
    ],
    [{ BASE_URL: least.BASE_URL }, ['There are no credentials: set API_KEY or TOKENS_FILE.']],
    [{ ...least, TOKENS_FILE: 'tokens.txt' }, ['API_KEY and TOKENS_FILE are both set: set one of them.']],
    [
      { ...least, PROTOCOL: 'graphql-ws' },
      ['PROTOCOL must be graphql-transport-ws or appsync, or both with a comma between, not "graphql-ws".'],
    ],
    [{ ...least, CONNECTIONS: '1.5' }, ['CONNECTIONS must be a whole number from 1 to 100000, not "1.5".']],
    [{ ...least, CONNECTIONS: '0' }, ['CONNECTIONS must be a whole number from 1 to 100000, not "0".']],
    [{ ...least, RATE: 'many' }, ['RATE must be a number from 0.1 to 10000, not "many".']],
    [{ ...least, MATCH_PERCENT: '0' }, ['MATCH_PERCENT must be a number from 0.01 to 100, not "0".']],
    [{ ...least, DURATION: '600' }, ['DURATION must be a time such as 30s, 10m or 1h30m, not "600".']],
    [{ ...least, INSECURE_TLS: 'yes' }, ['INSECURE_TLS must be true or false, not "yes".']],
    [
      { ...least, RATE: '-1', GRACE: 'x' },
      [
        'RATE must be a number from 0.1 to 10000, not "-1".',
        'GRACE must be a time such as 30s, 10m or 1h30m, not "x".',
      ],
    ],
  ])('should be refused with a sentence for each mistake, as in $1', (env, sentences) => {
    expect(readSettings(env).faults).toEqual(sentences);
  });

  it('should all stand in the README, with what they mean', () => {
    const readme = readFileSync(fileURLToPath(new URL('../../load-tests/README.md', import.meta.url)), 'utf8');
    const rows = Object.entries(variables).map(
      ([name, [, usual, meaning]]) => `| \`${name}\` | ${usual && `\`${usual}\``} | ${meaning} |`,
    );
    expect(rows.length).toBeGreaterThan(commonNames.length);
    expect(rows.filter((row) => !readme.includes(row))).toEqual([]);
  });
});

describe('the tokens of a load test', () => {
  const decode = (text: string): string => Buffer.from(text, 'base64url').toString();
  const token = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

  it('should be the lines of the file', () => {
    const read = readTokens(`${token({ exp: 11 })}\n\n opaque \n${token({})}\n`, { decode, until: 10_000 });
    expect(read).toEqual({ tokens: [token({ exp: 11 }), 'opaque', token({})], faults: [] });
  });

  it('should be refused when they end before the run, or are none', () => {
    expect(readTokens(`${token({ exp: 9 })}\n${token({ exp: 11 })}\n`, { decode, until: 10_000 }).faults).toEqual([
      '1 of the 2 tokens in TOKENS_FILE end before this run does: make them anew, with a longer life.',
    ]);
    expect(readTokens('\n', { decode, until: 0 }).faults).toEqual([
      'TOKENS_FILE has no token: it should have one on each line.',
    ]);
  });
});
