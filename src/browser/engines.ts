/** An engine of browsers. */
export type Engine = 'chromium' | 'firefox' | 'webkit';

export const ENGINES: readonly Engine[] = Object.freeze(['chromium', 'firefox', 'webkit']);

/** A check of the answer to a preflight. */
export type PreflightCheck =
  | 'redirect'
  | 'origin'
  | 'credentials'
  | 'status'
  | 'methods-readable'
  | 'headers-readable'
  | 'method'
  | 'headers';

/** Where engines differ from each other and from the Fetch standard. Everything was measured in the three engines. */
export interface EngineFacts {
  /** The order of the checks of a preflight. The first one that fails gives the failure its name. */
  readonly preflightChecks: readonly PreflightCheck[];
  /**
   * A longer `Access-Control-Max-Age` counts as this one. In seconds. Without the header each engine caches for 5 s.
   * @see https://fetch.spec.whatwg.org/#http-access-control-max-age
   */
  readonly longestMaxAge: number;
  /**
   * What the engine warns of when `Access-Control-Allow-Headers: *` covers `authorization`. The standard forbids it,
   * and every engine accepts it.
   * @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
   */
  readonly authorizationWarning: string | undefined;
}

export const ENGINE_FACTS: Readonly<Record<Engine, EngineFacts>> = Object.freeze({
  chromium: Object.freeze({
    preflightChecks: Object.freeze([
      'redirect',
      'origin',
      'credentials',
      'status',
      'methods-readable',
      'headers-readable',
      'method',
      'headers',
    ] as const),
    longestMaxAge: 7200,
    authorizationWarning: 'deprecation',
  }),
  firefox: Object.freeze({
    preflightChecks: Object.freeze([
      'origin',
      'credentials',
      'redirect',
      'status',
      'methods-readable',
      'method',
      'headers-readable',
      'headers',
    ] as const),
    longestMaxAge: 86_400,
    authorizationWarning: 'CORSAllowHeaderFromPreflightDeprecation',
  }),
  webkit: Object.freeze({
    preflightChecks: Object.freeze([
      'redirect',
      'status',
      'origin',
      'credentials',
      'methods-readable',
      'headers-readable',
      'method',
      'headers',
    ] as const),
    longestMaxAge: 600,
    authorizationWarning: undefined,
  }),
});

/**
 * Names of request headers that WebKit knows, in the capitals that its messages use. It checks them before all others.
 * Forbidden names are left out.
 */
export const WEBKIT_HEADERS: readonly string[] = Object.freeze([
  'Accept',
  'Accept-Language',
  'Authorization',
  'Cache-Control',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Range',
  'Content-Type',
  'Expires',
  'If-Match',
  'If-Modified-Since',
  'If-None-Match',
  'If-Range',
  'If-Unmodified-Since',
  'Last-Event-ID',
  'Last-Modified',
  'Pragma',
  'Purpose',
  'Range',
  'User-Agent',
]);
