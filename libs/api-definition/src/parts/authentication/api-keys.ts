import type { FaultList } from '../../fault.js';
import type { CheckedSettings } from '../../yaml/check-settings.js';
import type { ApiKeySettings } from '../../yaml/settings.js';
import type { ApiKey } from './authentication.js';
import { parseExpiry } from './parse-expiry.js';

/** Reads the keys of the API. Two of one id or secret are a fault, one that has expired a warning. */
export function readApiKeys(settings: CheckedSettings, faults: FaultList, warnings: FaultList): readonly ApiKey[] {
  const ids = new Set<string>();
  const keys = new Set<string>();
  return settings.readList<ApiKeySettings>(['apiKeys']).map(({ value, path }) => {
    const at = (member: string) => settings.file.positionOf([...path, member]);
    if (ids.has(value.id)) {
      faults.add(at('id'), `There is another API key with the id "${value.id}"`, 'Give each its own');
    }
    if (keys.has(value.key) && !settings.file.isOpen([...path, 'key'])) {
      faults.add(at('key'), `The API key "${value.id}" has the secret of another`, 'Give each its own');
    }
    ids.add(value.id);
    keys.add(value.key);
    const expiresAtMs = value.expires === undefined ? null : parseExpiry(value.expires);
    const isOpen = settings.file.isOpen([...path, 'expires']);
    if (expiresAtMs === undefined && !isOpen) {
      faults.add(
        at('expires'),
        `"expires" of the API key "${value.id}" is no time`,
        'Write 2027-01-31, 2027-01-31T12:00:00Z or seconds since 1970',
      );
    }
    if (typeof expiresAtMs === 'number' && expiresAtMs <= Date.now() && !isOpen) {
      const message = `The API key "${value.id}" lets nobody in: it expired at ${new Date(expiresAtMs).toISOString()}`;
      warnings.add(at('expires'), message, 'Give it a later "expires", or remove it');
    }
    return { id: value.id, key: value.key, expiresAtMs: expiresAtMs ?? null };
  });
}
