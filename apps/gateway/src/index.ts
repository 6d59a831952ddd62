export { RealtimeServer } from './connection/realtime-server.js';
export { EventStreamServer } from './connection/sse/event-stream-server.js';
export { gatewayOptions } from './gateway-options.js';
export type { GatewayOptions } from './gateway-options.js';
export { GatewayModule } from './gateway.module.js';
export type { GatewayParts } from './gateway.module.js';
export { GatewayHealth } from './health/gateway-health.js';
