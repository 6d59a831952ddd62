import { getDirectiveValues, GraphQLError } from 'graphql';
import type { ConstDirectiveNode, GraphQLDirective } from 'graphql';
import type { FaultList } from '../fault.js';
import { positionOfNode } from './read-schema.js';

/** A use of a directive, with its arguments. */
export interface DirectiveUse {
  readonly name: string;
  readonly node: ConstDirectiveNode;
  readonly args: Readonly<Record<string, unknown>>;
}

interface Annotated {
  readonly directives?: readonly ConstDirectiveNode[];
}

/**
 * The uses of some directives on a type or field, extensions of the type included. Arguments of the wrong type are faults (graphql-js
 * does not check them in SDL), and the use is left out.
 */
export function readDirectives(
  nodes: readonly (Annotated | null | undefined)[],
  known: Readonly<Record<string, GraphQLDirective>>,
  file: string,
  faults: FaultList,
): readonly DirectiveUse[] {
  const uses: DirectiveUse[] = [];
  for (const node of nodes.flatMap((one) => one?.directives ?? [])) {
    const directive = Object.hasOwn(known, node.name.value) ? known[node.name.value] : undefined;
    if (!directive) continue;
    try {
      uses.push({ name: directive.name, node, args: getDirectiveValues(directive, { directives: [node] }) ?? {} });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      faults.add(positionOfNode(error.nodes?.[0] ?? node, file), error.message);
    }
  }
  return uses;
}
