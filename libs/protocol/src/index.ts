export { FieldError } from './field-error.js';
export { errors, RequestError, unauthorizedTexts } from './errors.js';
export type { ErrorCode, ErrorDefinition } from './errors.js';
export { isJsonObject } from './json.js';
export type { JsonObject, JsonValue } from './json.js';
