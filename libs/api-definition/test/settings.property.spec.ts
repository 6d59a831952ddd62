import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FaultList } from '../src/fault.js';
import { checkSettings } from '../src/yaml/check-settings.js';
import { parseYamlFile } from '../src/yaml/yaml-file.js';
import { soundFiles } from './definition-files.js';

const settings = soundFiles['starling.yaml'];

function check(text: string): FaultList {
  const faults = new FaultList();
  const file = parseYamlFile({ name: 'starling.yaml', text }, { variables: {} }, faults);
  if (file) checkSettings(file, faults);
  return faults;
}

it('should answer any text with faults inside of it, never with another error', () => {
  const mutilated = fc
    .tuple(fc.nat(settings.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 8 }))
    .map(([start, removed, inserted]) => settings.slice(0, start) + inserted + settings.slice(start + removed));

  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), mutilated), (text) => {
      const lines = text.split(/\r\n|[\r\n]/).length;
      for (const fault of check(text).sorted()) {
        expect(fault.line).toBeGreaterThan(0);
        expect(fault.line).toBeLessThanOrEqual(lines);
        expect(fault.column).toBeGreaterThan(0);
        expect(fault.message).not.toBe('');
      }
    }),
    { numRuns: 500 },
  );
});

it('should keep the value of a variable one text, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const faults = new FaultList();
      const file = parseYamlFile(
        { name: 'starling.yaml', text: 'a: ${VALUE}\nb: { c: "${VALUE}" }' },
        { variables: { VALUE: value } },
        faults,
      );

      expect(faults.isEmpty).toBe(true);
      expect(file?.data).toEqual({ a: value, b: { c: value } });
    }),
  );
});
