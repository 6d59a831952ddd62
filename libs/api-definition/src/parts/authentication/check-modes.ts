import type { FaultList } from '../../fault.js';
import type { CheckedSettings } from '../../yaml/check-settings.js';
import { configOfMode } from '../../yaml/schema/authentication-schema.js';
import type { ProviderUse } from './provider-use.js';

/** Modes that an API has once at most, and what to do about a second (AppSync reference, section 6). */
const once = {
  API_KEY: 'An API has it once, with all its apiKeys',
  AWS_IAM: 'An API has it once, for everybody who signs',
  AWS_LAMBDA: 'An API has one function that decides. Let it decide for both',
};

/** Reports modes that do not go together, and configs that no mode beside them takes. */
export function checkModes(uses: readonly ProviderUse[], settings: CheckedSettings, faults: FaultList): void {
  for (const [mode, hint] of Object.entries(once)) {
    for (const { path } of uses.filter((use) => use.mode === mode).slice(1)) {
      faults.add(settings.file.positionOf([...path, 'authenticationType']), `${mode} is named twice`, hint);
    }
  }
  for (const use of uses) checkConfigs(use, settings, faults);
  checkApiKeys(uses, settings, faults);
}

/** The JSON Schema holds that each mode comes with its config; here, that it comes with no other. */
function checkConfigs(
  { mode, configs, path, isDefault }: ProviderUse,
  { file }: CheckedSettings,
  faults: FaultList,
): void {
  if (mode === undefined) return;
  for (const [taker, config] of Object.entries(configOfMode)) {
    if (configs[config] === undefined || taker === mode) continue;
    const at = file.positionOfKey([...path, config]);
    if (isDefault) {
      const message = `The API has a "${config}", and its authenticationType is ${mode}`;
      faults.add(at, message, 'Move it to additionalAuthenticationProviders, or remove it');
    } else {
      faults.add(at, `${mode} takes no "${config}"`, `Make it ${taker}, or remove the config`);
    }
  }
}

/** Keys belong to the API, also where API_KEY is an additional mode. */
function checkApiKeys(uses: readonly ProviderUse[], { file }: CheckedSettings, faults: FaultList): void {
  const byKey = uses.find(({ mode }) => mode === 'API_KEY');
  const hasKeys = Object.hasOwn(file.data as object, 'apiKeys');
  if (byKey && !hasKeys) {
    const hint = 'Add apiKeys: [{ id: default, key: "${STARLING_API_KEY}" }]';
    faults.add(file.positionOf([...byKey.path, 'authenticationType']), 'API_KEY needs "apiKeys"', hint);
  }
  if (hasKeys && !byKey && uses[0]?.mode !== undefined) {
    faults.add(
      file.positionOfKey(['apiKeys']),
      'The API has "apiKeys", and no authentication uses them',
      'Add API_KEY to additionalAuthenticationProviders, or remove them',
    );
  }
}
