import { isForbiddenRequestHeader, lowerCaseName } from '../policy/header-names.js';
import { isForbiddenMethod, isSafelistedMethod, normalizeMethod } from '../policy/methods.js';
import { splitList, trimBlanks } from './http-response.js';
import { isCrossOrigin, type PageHeader, type PageRequest, parseUrl } from './page-request.js';
import { isSafelistedHeader, isSafelistedName } from './safelist.js';

/** Safelisted headers need permission when their values are longer together. In bytes. */
const LONGEST_VALUES = 1024;

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
  /** Why it is due: `method DELETE`, `header x-a`, `value of content-type`, `headers over 1024 bytes`. */
  readonly because: readonly string[];
}

/**
 * The preflight of a request; `undefined` if none is due.
 * @see https://fetch.spec.whatwg.org/#main-fetch
 */
export function preflightOf(request: PageRequest): Preflight | undefined {
  const url = parseUrl(request.url);
  if (request.mode !== 'cors' || url === undefined || !isCrossOrigin(request.origin, url)) {
    return undefined;
  }
  const method = normalizeMethod(request.method);
  const { names, because } = unsafeHeaders(request.headers);
  const causes = isSafelistedMethod(method) ? because : [`method ${method}`, ...because];
  return causes.length === 0
    ? undefined
    : Object.freeze({ method, headers: Object.freeze(names), because: Object.freeze(causes) });
}

/** https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names */
function unsafeHeaders(headers: readonly PageHeader[]): { names: string[]; because: string[] } {
  const unsafe: string[] = [];
  const safe: string[] = [];
  const because: string[] = [];
  let length = 0;
  for (const [name, value] of joinHeaders(headers)) {
    if (value !== undefined && isSafelistedHeader(name, value)) {
      safe.push(name);
      length += value.length;
    } else {
      unsafe.push(name);
      because.push(value !== undefined && isSafelistedName(name) ? `value of ${name}` : `header ${name}`);
    }
  }
  if (length > LONGEST_VALUES) {
    unsafe.push(...safe);
    because.push(`headers over ${LONGEST_VALUES} bytes`);
  }
  return { names: unsafe.sort(), because };
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
