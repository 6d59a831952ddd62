export { ApiModule } from './api.module.js';
export type { ApiParts } from './api.module.js';
export { corsOptions, createHttpAdapter } from './http/http-adapter.js';
