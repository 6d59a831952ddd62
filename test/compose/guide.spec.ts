import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startComposition } from './composition.js';

const run = promisify(execFile);

/** The commands of the section about the composition, as a shell takes them. */
async function commandsOfGuide(): Promise<readonly string[]> {
  const guide = await readFile('docs/guides/container.md', 'utf8');
  const section = guide.slice(guide.indexOf('## The composition'));
  const blocks = [...section.matchAll(/^```console\n(.*?)^```/gms)].map(([, text]) => text!);
  return blocks.join('').split(/^\$ /m).slice(1);
}

// Elsewhere only one address of the loopback network is there.
describe.skipIf(process.platform !== 'linux')('the guide to the composition', () => {
  it('should have commands that tell jdoe what janed does', { timeout: 90_000 }, async () => {
    const composition = await startComposition('examples/tasks');
    onTestFinished(() => composition.stop());
    const commands = (await commandsOfGuide()).map((command) =>
      command
        .replaceAll('https://localhost:8443', new URL(composition.endpoint).origin)
        .replaceAll('http://localhost:9229', composition.userPool)
        .replaceAll('root.crt', composition.ca),
    );
    const find = (words: string): string => commands.find((command) => command.includes(words))!;
    const logIn = find('login() {');
    const subscriber = spawn('bash', ['-c', `${logIn}\n${find('subscription {')}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void subscriber.kill('SIGKILL'));
    let heard = '';
    subscriber.stdout.setEncoding('utf8').on('data', (text: string) => (heard += text));

    // Whoever subscribes is told nothing until there is something, so the manager goes on until it is heard.
    const deadline = Date.now() + 30_000;
    while (!heard.includes('Fix the nest') && Date.now() < deadline) {
      const { stdout } = await run('bash', ['-c', `${logIn}\n${find('mutation {')}`], { timeout: 20_000 });
      expect(JSON.parse(stdout)).toMatchObject({ data: { createTask: { title: 'Fix the nest' } } });
      await sleep(200);
    }
    expect(heard).toContain('"title":"Fix the nest"');
    const gone = once(subscriber, 'close');
    await composition.stop();
    await gone;
  });
});
