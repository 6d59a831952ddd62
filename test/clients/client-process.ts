// A client in a process of its own, as an application has it: it trusts the local authority from its start
// (NODE_EXTRA_CA_CERTS), and clients that are one per process (Amplify) can be several. Reads commands as lines of JSON,
// writes what happens as lines of JSON. Node runs it as it is; it imports types only, and the adapter that it is told.
import { createInterface } from 'node:readline';
import type { Adapter, Answer, ClientOptions, Connect, Variables } from './adapters/adapter.js';
import type { Happening } from './happenings.js';

export type Command =
  | { readonly command: 'query' | 'mutate'; readonly request: number; readonly document: string; variables: Variables }
  | { readonly command: 'subscribe'; readonly subscription: number; readonly document: string; variables: Variables }
  | { readonly command: 'unsubscribe'; readonly subscription: number };

export interface Start {
  /** In adapters/, and the function there. */
  readonly module: string;
  readonly connect: string;
  readonly options: ClientOptions;
}

const { module, connect, options } = JSON.parse(process.argv[2]!) as Start;
const adapters = (await import(new URL(`adapters/${module}`, import.meta.url).href)) as Record<string, Connect>;
const client: Adapter = adapters[connect]!(options);
const stops = new Map<number, () => void>();

const tell = (happening: Happening): void => void process.stdout.write(`${JSON.stringify(happening)}\n`);

for await (const line of createInterface({ input: process.stdin })) obey(JSON.parse(line) as Command);
process.exit(0);

function obey(command: Command): void {
  if (command.command === 'subscribe') {
    const { subscription, document, variables } = command;
    const stop = client.subscribe(document, variables, {
      next: (data) => tell({ event: 'delivery', subscription, data }),
      error: (message) => tell({ event: 'error', subscription, message }),
      complete: () => tell({ event: 'complete', subscription }),
    });
    stops.set(subscription, stop);
  } else if (command.command === 'unsubscribe') {
    stops.get(command.subscription)?.();
  } else {
    const { request, document, variables } = command;
    client[command.command](document, variables).then(
      ({ data, errors }: Answer) => tell({ event: 'answer', request, data, errors }),
      (error: unknown) => tell({ event: 'answer', request, data: null, errors: [{ message: String(error) }] }),
    );
  }
}
