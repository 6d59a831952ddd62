interface Described {
  readonly desc?: string;
  readonly default?: unknown;
  readonly choices?: readonly unknown[];
}

/** One setting as `--help` and docs/reference/environment.md show it. */
export interface SettingDescription {
  readonly name: string;
  readonly isRequired: boolean;
  /** Text of the default; empty where there is none. */
  readonly defaultText: string;
  readonly description: string;
}

/** A table of settings as text for people, in the order of the table. */
export function describeSettings(specs: Record<string, Described>): SettingDescription[] {
  return Object.entries(specs).map(([name, spec]) => ({
    name,
    isRequired: !('default' in spec),
    defaultText: spec.default === undefined ? '' : String(spec.default as string | number),
    description: spec.choices ? `${spec.desc ?? ''} One of ${spec.choices.join(', ')}.` : (spec.desc ?? ''),
  }));
}

/** The settings as the lines of a `--help` text. */
export function settingsHelp(specs: Record<string, Described>): string {
  return describeSettings(specs)
    .map(({ name, isRequired, defaultText, description }) => {
      const standing = isRequired ? ' (required)' : defaultText && ` (default ${defaultText})`;
      return `  ${name}${standing}\n      ${description}`;
    })
    .join('\n');
}
