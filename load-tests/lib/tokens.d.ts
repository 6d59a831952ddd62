export function readTokens(
  text: string,
  options: { readonly decode: (base64url: string) => string; readonly until: number },
): { readonly tokens: readonly string[]; readonly faults: readonly string[] };
