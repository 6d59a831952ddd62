import type { KeyRule } from './filing-plan.js';
import { Signature } from './key-part.js';
import type { KeyPart } from './key-part.js';
import { TupleTable } from './tuple-table.js';

/**
 * Signatures of several parts that an index has at most. Each costs an event that has its first part a lookup, some 0.1 µs, and
 * a definition has a handful: this bounds what clients that think of their own filters can make every event cost.
 */
const maxCombined = 64;

/** The signatures in use. That of no part at all is always there. */
export class Signatures {
  readonly none = new Signature(0, []);
  private readonly byId: (Signature | undefined)[] = [this.none];
  /** Signatures by the ids of their parts. */
  private readonly tuples = new TupleTable();
  private partIds = new Uint32Array(8);
  private combined = 0;

  /**
   * The signature to file a conjunction under that can be filed under these rules: that of all their parts, or, when there are
   * too many signatures, one of fewer. One user more; to be released.
   *
   * @param preferred the part to be filed under where it has to be one alone. Undefined for no rules.
   */
  take(rules: readonly KeyRule[], preferred: KeyPart | undefined): Signature {
    const signature = preferred ? this.choose(rules, preferred) : this.none;
    signature.users += 1;
    return signature;
  }

  get(id: number): Signature {
    return this.byId[id]!;
  }

  /** One user less; without any, events no longer try the signature. */
  release(signature: Signature): void {
    signature.users -= 1;
    const [anchor] = signature.parts;
    if (signature.users > 0 || !anchor) return;
    anchor.anchored.splice(anchor.anchored.indexOf(signature), 1);
    this.byId[signature.id] = undefined;
    this.tuples.delete(signature.id);
    if (signature.parts.length > 1) this.combined -= 1;
  }

  private choose(rules: readonly KeyRule[], preferred: KeyPart): Signature {
    const { length } = rules;
    if (length > this.partIds.length) this.partIds = new Uint32Array(length * 2);
    const parts: KeyPart[] = [];
    for (const { part } of rules) insertInOrder(parts, part);
    const existing = this.find(parts);
    if (existing) return existing;
    if (length === 1 || this.combined < maxCombined) return this.create(parts);
    return this.largestWithin(parts) ?? this.find([preferred]) ?? this.create([preferred]);
  }

  private find(parts: readonly KeyPart[]): Signature | undefined {
    for (let index = 0; index < parts.length; index += 1) this.partIds[index] = parts[index]!.id;
    const id = this.tuples.find(this.partIds, parts.length);
    return id === 0 ? undefined : this.byId[id];
  }

  private create(parts: readonly KeyPart[]): Signature {
    for (let index = 0; index < parts.length; index += 1) this.partIds[index] = parts[index]!.id;
    const signature = new Signature(this.tuples.insert(this.partIds, parts.length), parts);
    this.byId[signature.id] = signature;
    parts[0]!.anchored.push(signature);
    if (parts.length > 1) this.combined += 1;
    return signature;
  }

  private largestWithin(parts: readonly KeyPart[]): Signature | undefined {
    let largest: Signature | undefined;
    for (const signature of this.byId) {
      const length = signature?.parts.length ?? 0;
      if (length < 2 || length <= (largest?.parts.length ?? 1)) continue;
      if (signature?.parts.every((part) => parts.includes(part))) largest = signature;
    }
    return largest;
  }
}

/** Keeps parts in the order of a signature: those of which one rule holds at a time first, then by id. */
function insertInOrder(parts: KeyPart[], part: KeyPart): void {
  let index = parts.length;
  while (index > 0 && comesBefore(part, parts[index - 1]!)) {
    parts[index] = parts[index - 1]!;
    index -= 1;
  }
  parts[index] = part;
}

function comesBefore(left: KeyPart, right: KeyPart): boolean {
  return left.isSingle === right.isSingle ? left.id < right.id : left.isSingle;
}
