import { isToken } from './http-token.js';

/** Longer methods are refused, so that no response echoes them. In characters. */
const LONGEST_METHOD = 64;
/** The methods that browsers change to upper case. */
const NORMALIZED_METHODS = Object.freeze(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/**
 * Whether browsers refuse to send a method. Letter case does not matter.
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
 * The method as browsers send it: they change six methods to upper case and no other.
 * @see https://fetch.spec.whatwg.org/#concept-method-normalize
 */
export function normalizeMethod(method: string): string {
  const upper = method.toUpperCase();
  return NORMALIZED_METHODS.includes(upper) ? upper : method;
}

/**
 * Whether browsers send a method unchanged: not if it is one of the six in another case than upper case.
 * @see https://fetch.spec.whatwg.org/#concept-method-normalize
 */
function isNormalized(method: string): boolean {
  // V8 allocates the results of an iterator for a frozen array.
  for (let index = 0; index < NORMALIZED_METHODS.length; index++) {
    const normalized = NORMALIZED_METHODS[index] as string;
    if (method !== normalized && isInAnyCase(method, normalized)) {
      return false;
    }
  }
  return true;
}

/** Compares without allocating a text in upper case, because anyone can send the method. */
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
 * Whether browsers send the method even if the response to the preflight does not list it.
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-method
 */
export function isSafelistedMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'POST';
}

/** Whether a browser can have sent this Access-Control-Request-Method. */
export function isRequestableMethod(method: string): boolean {
  return (
    method.length <= LONGEST_METHOD &&
    isToken(method) &&
    !isForbiddenMethod(method) &&
    // Browsers never send `put`: they change it to PUT before the preflight.
    isNormalized(method)
  );
}

/**
 * Whether a browser can ask for a method that the server does not accept, such as `patch`.
 * @param known the methods that the server accepts; absent for any method
 */
export function isUnknownMethod(method: string, known: ReadonlySet<string> | undefined): boolean {
  return known !== undefined && !isSafelistedMethod(method) && isRequestableMethod(method) && !known.has(method);
}
