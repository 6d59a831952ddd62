import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '#libs/api-definition';
import { apiSettings, describeSettings, gatewaySettings } from '#libs/config';

const page = readFileSync(new URL('../docs/reference/limits.md', import.meta.url), 'utf8');

/** Limits of a section with the default it gives, by name. */
function limitsOf(section: string): Record<string, string> {
  const text = page.split(`\n## ${section}\n`)[1]!.split('\n## ')[0]!;
  return Object.fromEntries(
    [...text.matchAll(/^\| `([\w.]+)` \| (\d+) \|/gm)].map(([, name, value]) => [name!, value!]),
  );
}

/** Settings that bound what clients do, with their defaults, by name. */
function limitSettings(settings: Parameters<typeof describeSettings>[0]): Record<string, string> {
  const isLimit = /^(?!MAX_STICKY)(MAX_|MESSAGE_)|_PER_ADDRESS$|^(HEADERS|BODY|CONNECTION_INIT|IDLE)_TIMEOUT_MS$/;
  const limits = describeSettings(settings).filter(({ name }) => isLimit.test(name));
  return Object.fromEntries(limits.map(({ name, defaultText }) => [name, defaultText]));
}

describe('docs/reference/limits.md', () => {
  it('should have every limit of documents with its default', () => {
    const { maxTokens, maxDepth, maxAliases, maxDirectives, maxFragments, maxRootFields, maxFields } = defaultLimits;
    const limits = { maxTokens, maxDepth, maxAliases, maxDirectives, maxFragments, maxRootFields, maxFields };
    const expected = Object.entries(limits).map(([name, value]) => [`limits.${name}`, String(value)]);
    expect(limitsOf('Documents')).toEqual(Object.fromEntries(expected));
  });

  it('should have every limit of the api with its default', () => {
    expect(limitsOf('HTTP')).toEqual(limitSettings(apiSettings));
  });

  it('should have every limit of the gateway with its default', () => {
    expect(limitsOf('WebSocket')).toEqual(limitSettings(gatewaySettings));
  });
});
