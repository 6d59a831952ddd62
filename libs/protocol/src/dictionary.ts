/** What dictionaries inherit from: nothing, and it can't be given anything. */
const emptyPrototype: object = Object.freeze(Object.create(null) as object);

function Dictionary(): void {
  // A constructor and nothing else: see createDictionary.
}
Dictionary.prototype = emptyPrototype;

/**
 * An object for names that somebody else chose: it has no members but those that are put in, not even `constructor` or
 * `__proto__`. Made by a constructor because V8 keeps what `Object.create(null)` gives as a hash table, which takes four times
 * the memory for a handful of members, and is slower to fill and to read.
 */
export function createDictionary<T>(): Record<string, T> {
  return new (Dictionary as unknown as new () => Record<string, T>)();
}
