import type { KeyPart } from './key-part.js';
import { IdPool } from './column.js';

/**
 * Signatures of several parts that an index has at most. Each costs an event that has its first part a lookup, some 0.1 µs, and
 * a definition has a handful: this bounds what clients that think of their own filters can make every event cost.
 */
const maxCombined = 64;

/** A set of parts that conjunctions are filed under together: one lookup finds those for which a rule of each part holds. */
export class Signature {
  /** Conjunctions that are filed under it. */
  users = 0;

  /** @param parts those of which one rule holds at a time first, by id. */
  constructor(
    readonly id: number,
    readonly parts: readonly KeyPart[],
  ) {}
}

/** The signatures in use. That of no part at all is always there. */
export class Signatures {
  readonly none = new Signature(0, []);
  private readonly byId: (Signature | undefined)[] = [this.none];
  private readonly byParts = new Map<string, Signature>();
  private readonly ids = new IdPool();
  private combined = 0;

  /**
   * The signature to file a conjunction under that can be filed under these parts, in any order: that of all of them, or, when
   * there are too many signatures, one of fewer. One user more; to be released.
   *
   * @param preferred the part to be filed under where it has to be one alone.
   */
  take(parts: readonly KeyPart[], preferred: KeyPart | undefined): Signature {
    const signature = this.choose(parts, preferred);
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
    this.byParts.delete(nameOf(signature.parts));
    this.byId[signature.id] = undefined;
    this.ids.giveBack(signature.id);
    if (signature.parts.length > 1) this.combined -= 1;
  }

  private choose(parts: readonly KeyPart[], preferred: KeyPart | undefined): Signature {
    if (!preferred) return this.none;
    const ordered = [...parts].sort(
      (left, right) => Number(right.isSingle) - Number(left.isSingle) || left.id - right.id,
    );
    const existing = this.byParts.get(nameOf(ordered));
    if (existing) return existing;
    if (ordered.length === 1 || this.combined < maxCombined) return this.create(ordered);
    return this.largestWithin(ordered) ?? this.byParts.get(nameOf([preferred])) ?? this.create([preferred]);
  }

  private create(parts: readonly KeyPart[]): Signature {
    const signature = new Signature(this.ids.take(), parts);
    this.byId[signature.id] = signature;
    this.byParts.set(nameOf(parts), signature);
    parts[0]!.anchored.push(signature);
    if (parts.length > 1) this.combined += 1;
    return signature;
  }

  private largestWithin(parts: readonly KeyPart[]): Signature | undefined {
    let largest: Signature | undefined;
    for (const signature of this.byParts.values()) {
      const { length } = signature.parts;
      if (length < 2 || length <= (largest?.parts.length ?? 1)) continue;
      if (signature.parts.every((part) => parts.includes(part))) largest = signature;
    }
    return largest;
  }
}

function nameOf(parts: readonly KeyPart[]): string {
  return parts.length === 1 ? String(parts[0]!.id) : parts.map((part) => part.id).join();
}
