/**
 * The texts with which AppSync refuses a filter, to the letter (AppSync reference, 1.4). Amplify's DataStore looks for
 * parts of them and then filters by itself, so a change here is a change of the protocol.
 */
export const filterTexts = Object.freeze({
  tooManyFields: (limit: number) => `Filters exceed maximum attributes limit ${limit} for subscription`,
  tooManyFilters: (limit: number) => `Filters combination exceed maximum limit ${limit} for subscription.`,
  tooManyValues: (operator: string, limit: number) =>
    `subscription exceeds maximum value limit ${limit} for operator \`${operator}\`.`,
  repeatedField: 'subscription filter uses same fieldName multiple time',
  invalidValue: (operator: string) => `subscription filter has invalid filter value for operator \`${operator}\`.`,
});

/** Characters of a name that an error repeats. The name is the client's and may be of any length. */
const maxRepeated = 64;

/** A name of the client's as an error may repeat it: cut where it is long. */
export function cutName(name: string): string {
  return name.length > maxRepeated ? `${name.slice(0, maxRepeated)}…` : name;
}

/** The same in backticks, for the middle of a text. */
export function quoteName(name: string): string {
  return `\`${cutName(name)}\``;
}
