import { DefinitionError, formatFault, loadApiDefinition } from '#libs/api-definition';
import type { ApiDefinition } from '#libs/api-definition';
import { environment, StartError } from '#libs/config';

export const checkUsage = 'check DIR';

/**
 * Loads a definition and prints what is wrong with it: faults on standard error with status 1, else a summary and what is
 * probably not meant, with status 0. A `${NAME}` that is not set here is no fault of the definition; it is named.
 */
export async function check(args: readonly string[]): Promise<number> {
  const [dir] = args;
  if (args.length !== 1 || !dir) throw new StartError(`Usage: starling ${checkUsage}`);
  const unset = new Set<string>();
  try {
    const definition = await loadApiDefinition(dir, {
      variables: environment,
      standIn: (name) => {
        unset.add(name);
        return `unset-${name}`;
      },
    });
    process.stdout.write(
      `${[...definition.warnings.map(formatFault), summary(dir, definition), ...note(unset)].join('\n')}\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function summary(dir: string, { name, resolvers, subscriptions }: ApiDefinition): string {
  const counts = `resolvers: ${resolvers.size}, subscriptions: ${subscriptions.size}`;
  return `${dir}: the API "${name}" has no fault (${counts}).`;
}

function note(unset: ReadonlySet<string>): string[] {
  return unset.size === 0 ? [] : [`Variables that are not set here: ${[...unset].sort().join(', ')}.`];
}
