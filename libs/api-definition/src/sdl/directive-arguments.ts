import { getDirectiveValues } from 'graphql';
import type { ConstDirectiveNode, GraphQLDirective } from 'graphql';

/** A use of a directive, with its arguments. */
export interface DirectiveUse {
  readonly name: string;
  readonly node: ConstDirectiveNode;
  readonly args: Readonly<Record<string, unknown>>;
}

interface Annotated {
  readonly directives?: readonly ConstDirectiveNode[];
}

/** The uses of some directives on a type or field, extensions of the type included. The SDL must have been validated. */
export function readDirectives(
  nodes: readonly (Annotated | null | undefined)[],
  known: Readonly<Record<string, GraphQLDirective>>,
): readonly DirectiveUse[] {
  const uses: DirectiveUse[] = [];
  for (const node of nodes.flatMap((one) => one?.directives ?? [])) {
    const directive = Object.hasOwn(known, node.name.value) ? known[node.name.value] : undefined;
    if (!directive) continue;
    uses.push({ name: directive.name, node, args: getDirectiveValues(directive, { directives: [node] }) ?? {} });
  }
  return uses;
}
