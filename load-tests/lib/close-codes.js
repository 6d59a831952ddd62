/** Close codes of the protocols (docs/reference/protocol.md) by which closes are counted; the rest are `other`. 1006: no close frame. */
export const closeCodes = [1000, 1001, 1002, 1006, 1008, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4408, 4409, 4429];

/** The values of the tag `code`. */
export const closeCodeNames = [...closeCodes.map(String), 'other'];

/** The tag of a close. */
export const codeTag = (code) => (closeCodes.includes(code) ? String(code) : 'other');
