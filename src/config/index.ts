export { corsConfig } from './cors.config.js';
export { type EnvironmentPolicy, readCorsEnvironment } from './read-environment.js';
export { splitList } from './split-list.js';
