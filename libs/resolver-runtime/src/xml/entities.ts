const named: Readonly<Record<string, string>> = Object.freeze({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" });

/**
 * Text with its references replaced: the five entities that XML itself has, and characters by number. Undefined when there
 * is any other: documents can't define entities here. The result is never longer than the text.
 */
export function decodeEntities(text: string): string | undefined {
  if (!text.includes('&')) {
    return text;
  }
  let isKnown = true;
  const decoded = text.replace(
    /&(?:([a-z]{2,4});|#(\d{1,7});|#x([\da-fA-F]{1,6});|)/g,
    (_match, name, decimal, hex) => {
      const character = readReference(name as string, decimal as string, hex as string);
      isKnown &&= character !== undefined;
      return character ?? '';
    },
  );
  return isKnown ? decoded : undefined;
}

function readReference(
  name: string | undefined,
  decimal: string | undefined,
  hex: string | undefined,
): string | undefined {
  if (name !== undefined) {
    return Object.hasOwn(named, name) ? named[name] : undefined;
  }
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return isCharacter(code) ? String.fromCodePoint(code) : undefined;
}

/** Production 2 of XML 1.0: no control characters but tab and line breaks, no surrogates. */
function isCharacter(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}
