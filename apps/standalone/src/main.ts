import { commandLine, environment, loadSettings, runProcess, settingsHelp, standaloneSettings } from '#libs/config';
import { parseStartArguments, startUsage } from './arguments.js';
import { banner } from './banner.js';
import { startStandalone } from './start-standalone.js';

const help = `${startUsage}

Starts an API on this machine, with its own DynamoDB and user pool.

  DIR          folder of the API definition (default examples/tasks)
  --data DIR   folder for everything that is made (default .starling)
  --fresh      begin without the data of earlier runs

Environment variables:

${settingsHelp(standaloneSettings)}
`;

runProcess(async () => {
  const given = parseStartArguments(commandLine());
  if (given.isHelp) {
    process.stdout.write(help);
    return undefined;
  }
  const standalone = await startStandalone(given, loadSettings(standaloneSettings, environment), environment);
  process.stdout.write(banner(standalone.definition, standalone.dev, standalone.devFile));
  return standalone;
});
