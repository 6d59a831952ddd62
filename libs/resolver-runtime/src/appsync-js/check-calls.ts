import type { Node } from 'acorn';
import type { FaultList } from './fault-list.js';
import type { Names, Unit } from './scope.js';

/**
 * Levels of syntax that may be open at once, over all functions that call one another in a row: each takes some of the
 * host's stack. A handler that people write stays below a hundred.
 */
const maxOpenLevels = 1000;

/** Reports functions that reach themselves, which AppSync refuses, and rows of calls that would take too much stack. */
export function checkCalls(names: Names, levels: ReadonlyMap<Node, number>, faults: FaultList): void {
  const heights = new Map<Unit, number>();
  const open = new Set<Unit>();

  /** Levels that are open where the most are, while the function runs. */
  function measure(unit: Unit): number {
    const known = heights.get(unit);
    if (known !== undefined) {
      return known;
    }
    open.add(unit);
    const own = levels.get(unit.node) ?? 1;
    let height = own;
    for (const { unit: called, node } of unit.calls) {
      if (open.has(called)) {
        faults.add(node, `${called.name} calls itself`, 'Recursion is not supported: use a list and a loop.');
        continue;
      }
      height = Math.max(height, own + measure(called));
      if (height > maxOpenLevels) {
        faults.add(node, 'too many functions call one another in a row', 'Join some of them.');
        height = own;
      }
    }
    open.delete(unit);
    heights.set(unit, height);
    return height;
  }

  for (const unit of [names.program, ...names.units.values()]) {
    measure(unit);
  }
}
