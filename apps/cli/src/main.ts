import { commandLine, StartError } from '#libs/config';
import { check, checkUsage } from './check.js';
import { configmap, configmapUsage } from './configmap.js';
import { evaluate, evaluateUsage } from './evaluate.js';

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  check,
  configmap,
  eval: evaluate,
};

const usage = `Usage: starling COMMAND

  ${checkUsage}
      loads an API definition and reports every fault in it
  ${configmapUsage}
      prints a definition as a ConfigMap for Kubernetes, or as values of the chart
  ${evaluateUsage}
      runs one template or handler on a context and prints the result
`;

/** Runs a command; its status is the process's. */
async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(usage);
    return name === undefined ? 1 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new StartError(`There is no command "${name}".\n${usage}`);
  return command(args);
}

main(commandLine()).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const text = error instanceof StartError ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  },
);
