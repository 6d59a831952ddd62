import type { FaultList } from '../../fault.js';
import type { CheckedSettings } from '../../yaml/check-settings.js';
import type { UserPoolSettings } from '../../yaml/settings.js';
import type { UserPoolConfig } from './authentication.js';
import { checkPattern } from './check-pattern.js';
import type { ProviderUse } from './provider-use.js';

/** A user pool, with what is not written filled in. */
export function toUserPool(written: UserPoolSettings): UserPoolConfig {
  const { userPoolId, awsRegion, defaultAction, appIdClientRegex } = written;
  return { userPoolId, awsRegion, defaultAction: defaultAction ?? 'ALLOW', appIdClientRegex: appIdClientRegex ?? null };
}

/** Reports pools that are named twice, that deny where they cannot, and patterns that are none. */
export function checkUserPools(uses: readonly ProviderUse[], settings: CheckedSettings, faults: FaultList): void {
  const { file } = settings;
  const seen = new Set<string>();
  for (const { mode, configs, path } of uses) {
    const pool = configs.userPoolConfig;
    if (mode !== 'AMAZON_COGNITO_USER_POOLS' || !pool) continue;
    const at = (member: keyof UserPoolSettings) => [...path, 'userPoolConfig', member];
    if (seen.has(pool.userPoolId)) {
      const message = `The user pool "${pool.userPoolId}" is named twice`;
      faults.add(file.positionOf(at('userPoolId')), message, 'Name it once');
    }
    seen.add(pool.userPoolId);
    if (pool.defaultAction === 'DENY' && uses.length > 1) {
      faults.add(
        file.positionOf(at('defaultAction')),
        'DENY cannot be combined with additionalAuthenticationProviders',
        'Use ALLOW, and put directives on the fields that are not for everybody',
      );
    }
    checkPattern(pool.appIdClientRegex, at('appIdClientRegex'), settings, faults);
  }
}
