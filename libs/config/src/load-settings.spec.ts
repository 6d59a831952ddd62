import { describe, expect, it } from 'vitest';
import { settingsHelp } from './describe-settings.js';
import { loadSettings, SettingsError } from './load-settings.js';
import { apiSettings, gatewaySettings, standaloneSettings } from './settings.js';

const complete = { STARLING_API: 'examples/tasks', REDIS_URL: 'redis://127.0.0.1:6379/' };

describe('loading settings', () => {
  it('should fill in defaults', () => {
    const settings = loadSettings(apiSettings, complete);
    expect(settings.PORT).toBe(4000);
    expect(settings.LOG_LEVEL).toBe('info');
    expect(settings.COGNITO_ENDPOINT).toBeUndefined();
  });

  it('should keep an address without the slash at its end', () => {
    expect(loadSettings(apiSettings, complete).REDIS_URL).toBe('redis://127.0.0.1:6379');
  });

  it('should report every fault at once, each with its name and purpose', () => {
    const wrong = { PORT: 'many', REDIS_URL: 'http://x', LOG_LEVEL: 'loud', EVENT_LOG_MAX_ENTRIES: '-1' };
    const faults = faultsOf(() => loadSettings(apiSettings, wrong));
    expect(faults).toHaveLength(5);
    expect(faults.join('\n')).toMatch(/STARLING_API is not set.*Folder of the API definition/);
    expect(faults.join('\n')).toMatch(/PORT .*many/);
    expect(faults.join('\n')).toMatch(/REDIS_URL .*redis:\/\/ or rediss:\/\//);
    expect(faults.join('\n')).toMatch(/LOG_LEVEL/);
    expect(faults.join('\n')).toMatch(/EVENT_LOG_MAX_ENTRIES .*whole number/);
  });

  it('should take an empty variable as unset', () => {
    expect(faultsOf(() => loadSettings(gatewaySettings, { ...complete, REDIS_URL: '' }))[0]).toMatch(
      /REDIS_URL is not set/,
    );
  });

  it.each([
    ['PORT', '99999', 'PORT must be a port from 1 to 65535, not "99999".'],
    ['PORT', '0', 'PORT must be a port from 1 to 65535, not "0".'],
    ['PORT', '40.5', 'PORT must be a port from 1 to 65535, not "40.5".'],
    ['REDIS_URL', 'localhost:6379', 'redis:// or rediss://, not "localhost:6379".'],
    ['REDIS_URL', 'http://me:hush@host', 'not "http://me:***@host".'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud".'],
    ['NEXT_TOKEN_SECRET', 'hush', 'NEXT_TOKEN_SECRET must have at least 16 bytes, not 4.'],
  ])('should say what is wrong with %s=%s', (name, value, text) => {
    const [fault, ...others] = faultsOf(() => loadSettings(apiSettings, { ...complete, [name]: value }));
    expect(fault).toContain(text);
    expect(fault).not.toContain('hush');
    expect(others).toEqual([]);
  });

  it('should count the bytes of a secret, not its characters', () => {
    const NEXT_TOKEN_SECRET = 'ñandúñandúñan';
    expect(loadSettings(apiSettings, { ...complete, NEXT_TOKEN_SECRET }).NEXT_TOKEN_SECRET).toBe(NEXT_TOKEN_SECRET);
  });
});

describe('the help text', () => {
  it('should list every setting of a process with its default', () => {
    const text = settingsHelp(standaloneSettings);
    for (const name of Object.keys(standaloneSettings)) expect(text).toContain(name);
    expect(text).toContain('TLS_PORT (default 4443)');
    expect(settingsHelp(apiSettings)).toContain('REDIS_URL (required)');
  });
});

function faultsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  throw new Error('expected a SettingsError');
}
