// What the container image runs. Its first argument says which program; the others are the program's.
import { existsSync } from 'node:fs';
import process from 'node:process';

/** Names of commands, and where their programs are. Those of the CLI are told which one they are. */
const programs = {
  api: './dist/apps/api/src/main.js',
  gateway: './dist/apps/gateway/src/main.js',
  check: './dist/apps/cli/src/main.js',
  eval: './dist/apps/cli/src/main.js',
  configmap: './dist/apps/cli/src/main.js',
  standalone: './dist/apps/standalone/src/main.js',
  token: './dist/apps/standalone/src/token.js',
  subscribe: './dist/apps/standalone/src/subscribe.js',
};
const toldTheirName = ['check', 'eval', 'configmap'];

const usage = `Usage: docker run … starling COMMAND [ARGUMENT…]

  api           queries and mutations over HTTP; --help lists its settings
  gateway       subscriptions over WebSocket and event streams; --help lists its settings
  check DIR     reports every fault of an API definition
  eval …        runs one template or handler on a context
  configmap …   prints an API definition as a ConfigMap

In the image's target "standalone", for a laptop:

  standalone    an API with everything that it needs, in one process; --help lists its settings
  token …       prints credentials of a local user
  subscribe …   prints what a subscription delivers
`;

/** The first process of a container ignores signals that nobody heeds, so one that comes while a program starts would be lost. */
function endUntilHeeded(signal, status) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(status);
  });
}

endUntilHeeded('SIGTERM', 143);
endUntilHeeded('SIGINT', 130);

const [name] = process.argv.slice(2);
if (name === 'help' || name === '--help') {
  process.stdout.write(usage);
} else if (name === undefined || !Object.hasOwn(programs, name)) {
  const problem = name === undefined ? 'Name a command.' : `There is no command "${name}".`;
  process.stderr.write(`${problem}\n\n${usage}`);
  process.exitCode = 1;
} else {
  const program = new URL(programs[name], import.meta.url);
  if (existsSync(program)) {
    if (!toldTheirName.includes(name)) process.argv.splice(2, 1);
    await import(program.href);
  } else {
    process.stderr.write(
      `"${name}" is not in this image, which is for servers: build the target "standalone" (docs/guides/container.md).\n`,
    );
    process.exitCode = 1;
  }
}
