export type { CorsAdapterOptions } from './cors-adapter-options.js';
export { CorsIoAdapter } from './cors-io.adapter.js';
export { CorsWsAdapter } from './cors-ws.adapter.js';
