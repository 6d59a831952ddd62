import { commandLine, environment, loadSettings, runProcess, settingsHelp, standaloneSettings } from '#libs/config';
import { parseStartArguments, startUsage } from './arguments.js';
import { banner } from './banner.js';
import { startStandalone } from './start-standalone.js';
import type { Standalone } from './start-standalone.js';

const help = `${startUsage}

Starts an API on this machine, with its own DynamoDB, user pool, OpenID Connect issuer and access keys, as far as it needs them.

  DIR          folder of the API definition (default examples/tasks)
  --data DIR   folder for everything that is made (default .starling)
  --fresh      begin without the data of earlier runs, of all APIs in the folder, and with a new authority

Environment variables:

${settingsHelp(standaloneSettings)}
`;

async function start(): Promise<(Standalone & { readonly dataDirectory: string }) | undefined> {
  const given = parseStartArguments(commandLine());
  if (given.isHelp) {
    process.stdout.write(help);
    return undefined;
  }
  const standalone = await startStandalone(given, loadSettings(standaloneSettings, environment), environment);
  return { ...standalone, dataDirectory: given.dataDirectory };
}

runProcess(start, ({ definition, dev, devFile, dataDirectory }) => {
  process.stdout.write(banner(definition, dev, devFile, dataDirectory));
});
