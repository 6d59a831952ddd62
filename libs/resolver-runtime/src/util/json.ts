import { readJson } from '../json/read-json.js';
import { writeJson } from '../json/write-json.js';
import { requireText } from './util-function.js';
import type { UtilNamespace } from './util-function.js';

/** `util.toJson`, `util.parseJson`. Null is the text `null`, and parses to null. */
export const jsonFunctions: UtilNamespace = Object.freeze({
  toJson: ({ budget }, value) => writeJson(value ?? null, budget),
  parseJson: ({ budget }, text) =>
    text === null || text === undefined ? null : readJson(requireText('parseJson', text), budget),
});
