import { RE2JS } from 're2js';
import type { FaultList } from '../../fault.js';
import type { CheckedSettings } from '../../yaml/check-settings.js';
import { maxPatternLength } from '../../yaml/schema/authentication-schema.js';
import type { Path } from '../../yaml/yaml-file.js';

/**
 * Reports a pattern that cannot be used, as far as there is one. Tried on the engine that will run it: linear in the length of the
 * input, so without look-around and back references.
 */
export function checkPattern(
  pattern: string | undefined,
  path: Path,
  { file }: CheckedSettings,
  faults: FaultList,
): void {
  if (pattern === undefined || file.isOpen(path)) return;
  const name = String(path.at(-1));
  if (pattern.length > maxPatternLength) {
    const message = `"${name}" has ${pattern.length} characters`;
    faults.add(file.positionOf(path), message, `At most ${maxPatternLength} are allowed`);
    return;
  }
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    const reason = `"${name}" is no regular expression: ${(error as Error).message}`;
    faults.add(
      file.positionOf(path),
      reason,
      'Write it in RE2 syntax, which has no look-around and no back references',
    );
  }
}
