import { Kind } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import type { ApiLimits } from '#libs/api-definition';
import { fragmentsOf } from '../selected-fields.js';
import { assertWithin } from './document-limit.js';

/** What a selection comes to with its fragments put in. */
interface Extent {
  /** Fields at any depth, as often as they are reached; may be Infinity. */
  readonly fields: number;
  /** Those of them at the selection's own level. */
  readonly ownFields: number;
  /** Levels of fields and of inline fragments. */
  readonly depth: number;
}

const nothing: Extent = Object.freeze({ fields: 0, ownFields: 0, depth: 0 });

/**
 * Refuses a parsed document whose selections pass a limit. Each fragment is measured once, wherever it is spread, so the work is that
 * of the document as it is written, though what it comes to may be exponential. Circles of fragments are validation's to
 * tell; here they end where they close. Throws a RequestError with the limit.
 */
export function assertSelections(document: DocumentNode, limits: ApiLimits): void {
  const measure = new SelectionMeasure(fragmentsOf(document), limits);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) measure.fragment(definition.name.value);
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { fields, ownFields } = measure.selectionSet(definition.selectionSet, 1);
    assertWithin('maxRootFields', ownFields, limits);
    assertWithin('maxFields', fields, limits);
  }
}

class SelectionMeasure {
  private readonly measured = new Map<string, Extent>();
  private aliases = 0;

  constructor(
    private readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>,
    private readonly limits: ApiLimits,
  ) {}

  /** `level` is that of the selection set, 1 at the root; it bounds the recursion. */
  selectionSet({ selections }: SelectionSetNode, level: number): Extent {
    assertWithin('maxDepth', level, this.limits);
    const keys = new Set<string>();
    const total = { fields: 0, ownFields: 0, depth: 0 };
    for (const selection of selections) {
      let inner: Extent;
      if (selection.kind === Kind.FIELD) {
        this.countAlias(selection.alias?.value, selection.name.value, keys);
        inner = selection.selectionSet ? this.selectionSet(selection.selectionSet, level + 1) : nothing;
        inner = { fields: inner.fields + 1, ownFields: 1, depth: inner.depth + 1 };
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        inner = this.selectionSet(selection.selectionSet, level + 1);
        inner = { ...inner, depth: inner.depth + 1 };
      } else {
        inner = this.fragment(selection.name.value);
        assertWithin('maxDepth', level + inner.depth - 1, this.limits);
      }
      total.fields += inner.fields;
      total.ownFields += inner.ownFields;
      total.depth = Math.max(total.depth, inner.depth);
    }
    return total;
  }

  /** Of a fragment that is not defined, or whose own selection this is part of: nothing. */
  fragment(name: string): Extent {
    const known = this.measured.get(name);
    if (known) return known;
    const definition = this.fragments[name];
    if (!definition) return nothing;
    this.measured.set(name, nothing);
    const extent = this.selectionSet(definition.selectionSet, 1);
    this.measured.set(name, extent);
    return extent;
  }

  /** A field that stands twice in one selection is compared with itself, as its alias would be. */
  private countAlias(alias: string | undefined, name: string, keys: Set<string>): void {
    const key = alias ?? name;
    if (alias === undefined && !keys.has(key)) {
      keys.add(key);
      return;
    }
    keys.add(key);
    assertWithin('maxAliases', ++this.aliases, this.limits);
  }
}
