import type { EnableCorsCall } from './enable-cors-call.js';

/** The options of `enableCors()` as the library of one platform reads them: `cors`, or `@fastify/cors`. */
export interface NativeOptions {
  readonly platform: EnableCorsCall['platform'];
  /** The options as they were passed. */
  readonly given: Readonly<Record<string, unknown>>;
  /** The options with the defaults of the library. An explicit `undefined` replaces a default there, too. */
  readonly values: Readonly<Record<string, unknown>>;
}

const DEFAULTS: Readonly<Record<EnableCorsCall['platform'], Readonly<Record<string, unknown>>>> = Object.freeze({
  express: {
    origin: '*',
    methods: 'GET,HEAD,PUT,PATCH,POST,DELETE',
    optionsSuccessStatus: 204,
  },
  fastify: {
    origin: '*',
    methods: 'GET,HEAD,POST',
    allowedHeaders: null,
    exposedHeaders: null,
    maxAge: null,
    optionsSuccessStatus: 204,
    preflight: true,
    strictPreflight: true,
  },
});

/** The options of each library that have no default. */
const OTHER_NAMES: Readonly<Record<EnableCorsCall['platform'], readonly string[]>> = Object.freeze({
  express: ['allowedHeaders', 'headers', 'exposedHeaders', 'maxAge', 'credentials', 'preflightContinue'],
  fastify: ['credentials', 'preflightContinue', 'hook', 'hideOptionsRoute', 'logLevel', 'cacheControl'],
});

/**
 * Reads options as the library does: own enumerable properties.
 *
 * @returns `undefined` for a delegate, which returns other options for each request
 * @throws anything that a getter or a proxy throws
 */
export function readNativeOptions({ platform, options }: EnableCorsCall): NativeOptions | undefined {
  const given: Record<string, unknown> = typeof options === 'object' ? { ...options } : {};
  const isDelegate = typeof options === 'function' || (platform === 'fastify' && Boolean(given.delegator));
  return isDelegate ? undefined : { platform, given, values: { ...DEFAULTS[platform], ...given } };
}

/** The options that the library does not know, and ignores. */
export function ignoredNames({ platform, given }: NativeOptions): readonly string[] {
  return Object.keys(given).filter((name) => !(name in DEFAULTS[platform]) && !OTHER_NAMES[platform].includes(name));
}
