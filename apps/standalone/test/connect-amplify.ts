import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Longest wait for something to happen in Amplify's client, in milliseconds. */
const timeoutMs = 15_000;

/** What Amplify's client tells its application. */
export interface Happening {
  readonly event: string;
  readonly name?: string;
  readonly data?: unknown;
  readonly errors?: { message: string }[];
  readonly message?: string;
  readonly state?: string;
}

/** An Amplify client in its own process. */
export interface AmplifyClient {
  send(command: Record<string, unknown>): void;
  /** The next thing that happens and fits; what does not fit is kept. */
  waitFor(fits: (happening: Happening) => boolean): Promise<Happening>;
  readonly seen: readonly Happening[];
  stop(): Promise<void>;
}

export interface AmplifyOptions {
  /** The address of `/graphql`, over https. */
  readonly endpoint: string;
  /** File of the authority that the address's certificate is from. */
  readonly ca: string;
  /** As Amplify calls them: `authMode`, `apiKey`, `authToken`. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** Starts an unmodified Amplify client. Stop it, or its process stays. */
export function connectAmplify({ endpoint, ca, credentials }: AmplifyOptions): AmplifyClient {
  const options = JSON.stringify({ endpoint, ...credentials });
  const script = fileURLToPath(new URL('amplify-client.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, options], {
    env: { NODE_EXTRA_CA_CERTS: ca },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const seen: Happening[] = [];
  const taken = new Set<Happening>();
  let wake = (): void => undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    seen.push(JSON.parse(line) as Happening);
    wake();
  });
  return {
    seen,
    async stop() {
      child.kill();
      await once(child, 'close');
    },
    send: (command) => void child.stdin.write(`${JSON.stringify(command)}\n`),
    async waitFor(fits) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const found = seen.find((happening) => !taken.has(happening) && fits(happening));
        if (found) {
          taken.add(found);
          return found;
        }
        if (Date.now() > deadline) throw new Error(`Amplify saw only: ${JSON.stringify(seen)}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, deadline - Date.now());
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
  };
}

/** Whether something is this event, of the subscription of this name where one is given. */
export const is =
  (event: string, name?: string) =>
  (happening: Happening): boolean =>
    happening.event === event && (name === undefined || happening.name === name);
