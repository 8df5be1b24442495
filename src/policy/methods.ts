import { isToken } from './http-token.js';

/** Longer methods do not exist; the bound keeps a hostile one from being echoed. In characters. */
const LONGEST_METHOD = 64;
/** The methods that browsers send in upper case, however a script writes them. */
const NORMALIZED_METHODS = Object.freeze(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/**
 * Whether browsers refuse to send a method, in any case.
 * @see https://fetch.spec.whatwg.org/#forbidden-method
 */
export function isForbiddenMethod(method: string): boolean {
  if (method.length !== 5 && method.length !== 7) {
    return false;
  }
  const upper = method.toUpperCase();
  return upper === 'TRACE' || upper === 'TRACK' || upper === 'CONNECT';
}

/**
 * The method as browsers put it on the wire: six names are upper-cased, every other stays as it is.
 * @see https://fetch.spec.whatwg.org/#concept-method-normalize
 */
export function normalizeMethod(method: string): string {
  const upper = method.toUpperCase();
  return NORMALIZED_METHODS.includes(upper) ? upper : method;
}

/**
 * Whether browsers would send a method as it stands: all but the six names in any other case than upper.
 * @see https://fetch.spec.whatwg.org/#concept-method-normalize
 */
function isNormalized(method: string): boolean {
  // By index: V8 allocates an iterator's results for a frozen array.
  for (let index = 0; index < NORMALIZED_METHODS.length; index++) {
    const normalized = NORMALIZED_METHODS[index] as string;
    if (method !== normalized && isInAnyCase(method, normalized)) {
      return false;
    }
  }
  return true;
}

/** Compares without making a text in upper case of what strangers send. */
function isInAnyCase(text: string, upperCase: string): boolean {
  if (text.length !== upperCase.length) {
    return false;
  }
  for (let index = 0; index < text.length; index++) {
    if ((text.charCodeAt(index) & ~0x20) !== upperCase.charCodeAt(index)) {
      return false;
    }
  }
  return true;
}

/**
 * Whether a preflight need not list the method: a browser sends it all the same.
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-method
 */
export function isSafelistedMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'POST';
}

/** Whether an Access-Control-Request-Method is one that a browser can have sent. */
export function isRequestableMethod(method: string): boolean {
  return (
    method.length <= LONGEST_METHOD &&
    isToken(method) &&
    !isForbiddenMethod(method) &&
    // Browsers upper-case these before they ask: `put` on the wire is nobody's PUT.
    isNormalized(method)
  );
}

/**
 * Whether a browser can have asked for a method that no request can arrive with, such as `patch`.
 * @param known the methods that can arrive; any where it is absent
 */
export function isUnknownMethod(method: string, known: ReadonlySet<string> | undefined): boolean {
  return known !== undefined && !isSafelistedMethod(method) && isRequestableMethod(method) && !known.has(method);
}
