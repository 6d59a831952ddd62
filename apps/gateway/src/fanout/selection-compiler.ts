import { getNullableType, isAbstractType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { FieldNode, GraphQLAbstractType, GraphQLObjectType, GraphQLOutputType } from 'graphql';
import type { ApiLimits } from '#libs/api-definition';
import { notAuthorised, selectedFields, selectionSetsOf } from '#libs/execution';
import type { SelectionSource } from '#libs/execution';
import { RequestError } from '#libs/protocol';
import { jsonText } from './json-text.js';
import {
  abstractWriter,
  deniedWriter,
  listWriter,
  nullBroken,
  objectWriter,
  requireValue,
} from './selection-writer.js';
import type { Member, Write } from './selection-writer.js';

export interface CompilerSource extends Required<SelectionSource> {
  /** Fields, as `Type.field`, that the subscriber may not see. */
  readonly deniedFields: ReadonlySet<string>;
  /**
   * Of the API. `maxFields` are those of the projection, with those of every possible type of an interface or union: fragments let a
   * short document select exponentially many.
   */
  readonly limits: Pick<ApiLimits, 'maxFields' | 'maxDepth'>;
}

/**
 * A compiled selection. Its key tells apart what writes differently, also under another schema. Made of names and types, so that
 * the signs between them can't be part of one.
 */
export interface CompiledSelection {
  readonly write: Write;
  readonly key: string;
}

/** Where a value stands. */
interface Place {
  /** Fields above it, and itself. */
  readonly depth: number;
  /** Its index in the path, where items of lists count too. */
  readonly level: number;
}

/** The compilation of one selection. */
export class SelectionCompiler {
  private count = 0;

  constructor(private readonly source: CompilerSource) {}

  /** Fields that were compiled so far. */
  get fieldCount(): number {
    return this.count;
  }

  compileField(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    parentName: string,
    place: Place,
  ): CompiledSelection {
    const nullable = getNullableType(type) as GraphQLOutputType;
    const { write, key } = this.compileNullable(nullable, nodes, parentName, place);
    if (isNonNullType(type)) return { write: requireValue(write, String(nullable), parentName, place.level), key };
    return { write: isLeafType(nullable) ? write : nullBroken(write), key };
  }

  private compileNullable(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    parentName: string,
    { depth, level }: Place,
  ): CompiledSelection {
    if (isLeafType(type)) return { write: jsonText, key: '' };
    if (isListType(type)) {
      const inItem = { depth, level: level + 1 };
      const { write, key } = this.compileField(type.ofType as GraphQLOutputType, nodes, parentName, inItem);
      return { write: listWriter(write, inItem.level), key };
    }
    if (isObjectType(type)) return this.compileObject(type, nodes, { depth, level });
    return isAbstractType(type)
      ? this.compileAbstract(type, nodes, { depth, level })
      : { write: () => 'null', key: '' };
  }

  private compileAbstract(type: GraphQLAbstractType, nodes: readonly FieldNode[], place: Place): CompiledSelection {
    const byTypeName = new Map<string, Write>();
    let key = '';
    for (const possible of this.source.schema.getPossibleTypes(type)) {
      // Compiled now and not when the first value comes: what is too large is refused at the start.
      const compiled = this.compileObject(possible, nodes, place);
      byTypeName.set(possible.name, compiled.write);
      key += `|${possible.name}${compiled.key}`;
    }
    return { write: abstractWriter(byTypeName), key };
  }

  private compileObject(
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
    { depth, level }: Place,
  ): CompiledSelection {
    const members: Member[] = [];
    let key = '{';
    for (const [responseKey, selected] of selectedFields(this.source, type, selectionSetsOf(nodes))) {
      this.countField(depth);
      const name = selected[0]!.name.value;
      const inMember = { depth: depth + 1, level: level + 1 };
      const compiled = this.compileMember(type, name, selected, inMember);
      if (!compiled) continue;
      const write = compiled.write === jsonText ? undefined : compiled.write;
      members.push({ responseKey, name, write });
      key += ` ${responseKey}:${name}${compiled.key}`;
    }
    return { write: objectWriter(members, level + 1), key: `${key}}` };
  }

  /** Undefined for a field that the type does not have, which validation lets through on no document. */
  private compileMember(
    type: GraphQLObjectType,
    name: string,
    nodes: readonly FieldNode[],
    place: Place,
  ): CompiledSelection | undefined {
    if (name === '__typename') {
      const text = JSON.stringify(type.name);
      return { write: () => text, key: '' };
    }
    const field = type.getFields()[name];
    if (!field) return undefined;
    if (!this.source.deniedFields.has(`${type.name}.${name}`)) {
      const { write, key } = this.compileField(field.type, nodes, type.name, place);
      return { write, key: `:${String(field.type)}${key}` };
    }
    const isRequired = isNonNullType(field.type);
    return {
      write: deniedWriter(notAuthorised(type.name, name), isRequired, place.level),
      key: `:${String(field.type)} denied`,
    };
  }

  private countField(depth: number): void {
    const { maxFields, maxDepth } = this.source.limits;
    this.count += 1;
    if (this.count > maxFields)
      throw new RequestError('BAD_REQUEST', `The operation selects more than ${maxFields} fields.`);
    if (depth > maxDepth)
      throw new RequestError('BAD_REQUEST', `The operation selects fields deeper than ${maxDepth} levels.`);
  }
}
