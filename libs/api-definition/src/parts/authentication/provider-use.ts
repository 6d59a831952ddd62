import type { CheckedSettings } from '../../yaml/check-settings.js';
import { configOfMode } from '../../yaml/schema/authentication-schema.js';
import type { AdditionalProviderSettings, ModeSettings } from '../../yaml/settings.js';
import type { Path } from '../../yaml/yaml-file.js';

/** A mode as it is written, with the config beside it. */
export interface ProviderUse {
  /** Undefined where it is missing or none that there is; the fault says so. */
  readonly mode: AdditionalProviderSettings['authenticationType'] | undefined;
  /** Only what is sound. */
  readonly configs: ModeSettings;
  /** The mapping that has both: the top of the file for the default mode. */
  readonly path: Path;
  readonly isDefault: boolean;
}

/** The default mode, then the additional ones in their order. */
export function readProviderUses(settings: CheckedSettings): readonly [ProviderUse, ...ProviderUse[]] {
  const configs = Object.fromEntries(Object.values(configOfMode).map((key) => [key, settings.read(key)]));
  const additional = settings.readList<AdditionalProviderSettings>(['additionalAuthenticationProviders']);
  return [
    { mode: settings.read('authenticationType'), configs, path: [], isDefault: true },
    ...additional.map(({ value, path }) => ({
      mode: value.authenticationType,
      configs: value,
      path,
      isDefault: false,
    })),
  ];
}
