import { isForbiddenRequestHeader, lowerCaseName } from '../policy/header-names.js';
import { isForbiddenMethod, isSafelistedMethod, normalizeMethod } from '../policy/methods.js';
import { splitList, trimBlanks } from './http-response.js';
import { isCorsRequest, type PageHeader, type PageRequest } from './page-request.js';
import { isSafelistedHeader, isSafelistedName } from './safelist.js';

/** With these headers some servers run another method, so browsers do not send a forbidden one in them. */
const METHOD_OVERRIDES: ReadonlySet<string> = new Set(['x-http-method', 'x-http-method-override', 'x-method-override']);

/** The question that a browser asks before it sends a request. */
export interface Preflight {
  /** The value of `Access-Control-Request-Method`. */
  readonly method: string;
  /**
   * The names that need permission: in lower case, sorted, each once. `Access-Control-Request-Headers` is these names,
   * separated by commas without spaces, or absent if there are none.
   */
  readonly headers: readonly string[];
  /** Why it is due: `method DELETE`, `header x-a` or `value of content-type`. */
  readonly because: readonly string[];
}

/**
 * The preflight of a request; `undefined` if none is due.
 * @see https://fetch.spec.whatwg.org/#main-fetch
 */
export function preflightOf(request: PageRequest): Preflight | undefined {
  if (!isCorsRequest(request)) {
    return undefined;
  }
  const method = normalizeMethod(request.method);
  const unsafe = unsafeHeaders(request.headers);
  const because = unsafe.map(([name, value]) =>
    value !== undefined && isSafelistedName(name) ? `value of ${name}` : `header ${name}`,
  );
  if (!isSafelistedMethod(method)) {
    because.unshift(`method ${method}`);
  }
  const headers = unsafe.map(([name]) => name).sort();
  return because.length === 0
    ? undefined
    : Object.freeze({ method, headers: Object.freeze(headers), because: Object.freeze(because) });
}

/**
 * The headers that need permission, by name. The limit of 1,024 bytes for all safelisted values together is left out: it
 * cannot be reached, because there are five names, and each value has at most 128 bytes.
 * @see https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
 */
function unsafeHeaders(headers: readonly PageHeader[]): [name: string, value: string | undefined][] {
  return [...joinHeaders(headers)].filter(([name, value]) => value === undefined || !isSafelistedHeader(name, value));
}

/** The headers that a browser sends, by name in lower case. Repeated ones are joined; one without a value stays so. */
export function joinHeaders(headers: readonly PageHeader[]): ReadonlyMap<string, string | undefined> {
  const joined = new Map<string, string | undefined>();
  for (const { name: written, value } of headers) {
    const name = lowerCaseName(written);
    if (isForbidden(name, value)) {
      continue;
    }
    const before = joined.get(name);
    const repeated = joined.has(name);
    const trimmed = value === undefined ? undefined : trimBlanks(value);
    const both = before === undefined || trimmed === undefined ? undefined : `${before}, ${trimmed}`;
    joined.set(name, repeated ? both : trimmed);
  }
  return joined;
}

/** https://fetch.spec.whatwg.org/#forbidden-request-header */
function isForbidden(name: string, value: string | undefined): boolean {
  return (
    isForbiddenRequestHeader(name) ||
    (value !== undefined && METHOD_OVERRIDES.has(name) && splitList(value).some(isForbiddenMethod))
  );
}
