export type SettingReader = (text: string) => unknown;

export const variables: Readonly<Record<string, readonly [SettingReader, string, string]>>;
export const commonNames: readonly string[];

export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  options?: { readonly defaults?: Readonly<Record<string, string>>; readonly names?: readonly string[] },
): { readonly settings: Readonly<Record<string, unknown>>; readonly faults: readonly string[] };
