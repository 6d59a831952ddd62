import type { JsonObject, JsonValue } from '#libs/protocol';
import { isJsonObject } from '#libs/protocol';
import { IdPool } from './column.js';
import { Field } from './field.js';

/** Up to this many names are asked of a payload one by one; past it the payload's own names are looked up. */
const fewNames = 16;

interface Node {
  readonly name: string;
  field: Field | undefined;
  readonly children: Map<string, Node>;
}

/** The fields that rules name, as a tree of their paths: an event's payload is walked once, whatever the number of rules. */
export class FieldTree {
  /** Fields that some rule wants to be null: an event without them is one these rules hold for. */
  readonly nullable = new Set<Field>();
  /** Fields by id. */
  readonly byId: (Field | undefined)[] = [];
  /** The fields that the event being matched has a value for: the first `presentCount`. */
  readonly present: Field[] = [];
  presentCount = 0;
  private readonly root: Node = createNode('');
  private readonly ids = new IdPool();

  /** The field of a path; made where there is none. */
  intern(path: readonly string[]): Field {
    let node = this.root;
    for (const name of path) {
      let child = node.children.get(name);
      if (!child) node.children.set(name, (child = createNode(name)));
      node = child;
    }
    if (!node.field) {
      node.field = new Field(this.ids.take(), path);
      this.byId[node.field.id] = node.field;
    }
    return node.field;
  }

  /** Forgets a field that no rule names any more. */
  delete(field: Field): void {
    const nodes = [this.root];
    for (const name of field.path) {
      const child = nodes.at(-1)?.children.get(name);
      if (!child) return;
      nodes.push(child);
    }
    nodes.at(-1)!.field = undefined;
    for (let level = nodes.length - 1; level > 0; level -= 1) {
      const node = nodes[level]!;
      if (node.field || node.children.size > 0) break;
      nodes[level - 1]!.children.delete(node.name);
    }
    this.byId[field.id] = undefined;
    this.ids.giveBack(field.id);
  }

  /** Reads what the payload holds for every field. To be followed by `clear`. */
  read(payload: JsonValue): void {
    this.readNode(this.root, payload);
  }

  /** Forgets the payload, which would otherwise be kept alive until the next one. */
  clear(): void {
    for (let index = 0; index < this.presentCount; index += 1) this.present[index]!.value = null;
    this.presentCount = 0;
  }

  private readNode(node: Node, value: JsonValue | undefined): void {
    if (node.field && value !== undefined && value !== null) {
      node.field.value = value;
      this.present[this.presentCount] = node.field;
      this.presentCount += 1;
    }
    if (node.children.size === 0 || !isJsonObject(value)) return;
    if (node.children.size <= fewNames) this.readNames(node, value);
    else this.readKeys(node, value);
  }

  private readNames(node: Node, object: JsonObject): void {
    for (const child of node.children.values()) {
      if (Object.hasOwn(object, child.name)) this.readNode(child, object[child.name]);
    }
  }

  private readKeys(node: Node, object: JsonObject): void {
    for (const name of Object.getOwnPropertyNames(object)) {
      const child = node.children.get(name);
      if (child) this.readNode(child, object[name]);
    }
  }
}

function createNode(name: string): Node {
  return { name, field: undefined, children: new Map() };
}
