export type { Cookie } from './cookies/cookie.js';
export type { CookieJar } from './cookies/cookie-jar.js';
export { type BlockedRequest, CorsBlockedError } from './cors-blocked.error.js';
export { corsMatchers } from './matchers/cors-matchers.js';
export type { CorsMatchers } from './matchers/test-runners.js';
export { openPage, type Page } from './open-page.js';
export type { PageExchange, WireHeader } from './page-exchange.js';
export type { PageOptions } from './page-options.js';
export type { PreflightCache, PreflightCacheEntry } from './preflight-cache.js';
