export { ApiModule } from './api.module.js';
export type { ApiParts } from './api.module.js';
export { corsOptions } from './http/cors-options.js';
export { createHttpAdapter } from './http/http-adapter.js';
export { defaultHttpOptions, httpOptions } from './http/http-options.js';
export type { HttpOptions } from './http/http-options.js';
