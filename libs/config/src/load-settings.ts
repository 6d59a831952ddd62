import { customCleanEnv, EnvMissingError } from 'envalid';
import type { CleanedEnv } from 'envalid';

/** What is wrong with the environment: every fault, found in one pass. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly faults: readonly string[]) {
    super(`The environment is not right:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

interface Described {
  readonly desc?: string;
  readonly choices?: readonly unknown[];
}

/**
 * Reads a table of settings from environment variables. An empty variable counts as unset.
 * Throws SettingsError with every fault; each names the variable, what is wrong and what the setting is for.
 */
export function loadSettings<T extends Record<string, Described>>(
  specs: T,
  environment: Readonly<Record<string, string | undefined>>,
): CleanedEnv<T> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== '' && value !== undefined),
  );
  return customCleanEnv(given, specs, (settings) => settings, {
    reporter: ({ errors }) => {
      const faults = Object.entries(errors).map(([name, error]) =>
        describeFault(name, error as Error, specs[name], given[name]),
      );
      if (faults.length > 0) throw new SettingsError(faults);
    },
  }) as CleanedEnv<T>;
}

function describeFault(name: string, error: Error, spec: Described | undefined, value: string | undefined): string {
  return `${name} ${whatIsWrong(error, spec, value)}. ${spec?.desc ?? ''}`.trim();
}

function whatIsWrong(error: Error, spec: Described | undefined, value: string | undefined): string {
  if (error instanceof EnvMissingError) return 'is not set';
  if (spec?.choices !== undefined) return `must be one of ${spec.choices.join(', ')}, not "${value}"`;
  return error.message.replace(/^Invalid value/, 'has an invalid value');
}
