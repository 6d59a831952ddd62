import { parseArgs } from 'node:util';

export interface RunArguments {
  /** Only benchmarks whose name has one of these words. */
  readonly words: readonly string[];
  readonly isQuick: boolean;
  readonly isJson: boolean;
  readonly isStrict: boolean;
  readonly profileFolder: string | undefined;
}

export const usage = `npm run bench -- [word...] [options]

Measures, beside peers in the same run, and prints what is to be reached. Without words: everything, which takes about half an hour.

  word                  only benchmarks whose name has it: broadcast, selective, handlers...
  --quick               smaller sizes; without words, only the fan-out, in under two minutes
  --json                one object on standard output: {"workloads": [{name, figure, unit, ratio, target, met}]}
  --strict              ends with status 1 when a target is missed
  --cpu-prof <folder>   writes CPU profiles of our own servers there
`;

/** Reads the command line. Throws an Error that says what is wrong with it. */
export function readArguments(args: readonly string[]): RunArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      'cpu-prof': { type: 'string' },
    },
  });
  return {
    words: positionals,
    isQuick: values.quick,
    isJson: values.json,
    isStrict: values.strict,
    profileFolder: values['cpu-prof'],
  };
}
