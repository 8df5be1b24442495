import {
  type CheckedResponse,
  combined,
  corsCheck,
  preflightPasses,
  tokenList,
} from '../../support/explanations/fetch-standard.js';

/** A request, as `fetch` has built it. */
export interface ModelRequest {
  readonly origin: string;
  readonly url: string;
  readonly method: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly credentials: boolean;
  readonly mode: 'cors' | 'no-cors' | 'same-origin';
}

export interface ModelResult {
  /** The names of the preflight; `undefined` if none is sent. */
  readonly asked: readonly string[] | undefined;
  readonly outcome: 'network error' | 'response' | 'redirect';
  /** The names of the headers that the page can read. */
  readonly seen: readonly string[];
}

const FORBIDDEN_HEADER =
  /^(accept-charset|accept-encoding|access-control-request-headers|access-control-request-method|connection|content-length|cookie|cookie2|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/;
const SAFE_RESPONSE_HEADERS =
  /^(cache-control|content-language|content-length|content-type|expires|last-modified|pragma)$/;

/** https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
function isSafelisted(name: string, value: string): boolean {
  const hasUnsafeByte = [...value].some((character) => {
    const code = character.charCodeAt(0);
    return (code < 0x20 && code !== 0x09) || code === 0x7f || '"():<>?@[\\]{}'.includes(character);
  });
  if (value.length > 128) {
    return false;
  }
  if (name === 'accept') {
    return !hasUnsafeByte;
  }
  if (name === 'accept-language' || name === 'content-language') {
    return /^[\dA-Za-z *,\-.;=]*$/.test(value);
  }
  if (name === 'content-type') {
    const essence = value.replace(/;.*$/s, '').trim().toLowerCase();
    const simple = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
    return !hasUnsafeByte && simple.includes(essence);
  }
  if (name === 'range') {
    const [, first = '', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(value) ?? [];
    return first !== '' && (last === '' || Number(first) <= Number(last));
  }
  return false;
}

/** https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names, over headers that `fetch` has joined by name. */
function unsafeNames(request: ModelRequest): string[] {
  const names = [...new Set(request.headers.map(({ name }) => name.toLowerCase()))].sort();
  return names.filter((name) => {
    const values = request.headers
      .filter((header) => header.name.toLowerCase() === name)
      .map(({ value }) => value.trim());
    return !FORBIDDEN_HEADER.test(name) && !isSafelisted(name, values.join(', '));
  });
}

/** https://fetch.spec.whatwg.org/#http-redirect-fetch: whether a redirect is followed. */
function follows(request: ModelRequest, location: string): boolean {
  let target: URL;
  try {
    target = new URL(location, request.url);
  } catch {
    return false;
  }
  const userInfo = target.username !== '' || target.password !== '';
  const tainting = new URL(request.url).origin !== request.origin;
  return (
    /^https?:$/.test(target.protocol) &&
    !(request.mode === 'cors' && userInfo && (tainting || target.origin !== request.origin))
  );
}

/**
 * What the Fetch standard does with a request: slow and obvious, and without code of the library. The method is
 * normalized, and the URL begins with `http:` or `https:` and has no user name.
 */
export function fetchModel(request: ModelRequest, preflight: CheckedResponse, response: CheckedResponse): ModelResult {
  const failed = (asked?: readonly string[]): ModelResult => ({ asked, outcome: 'network error', seen: [] });
  const isSameOrigin = new URL(request.url).origin === request.origin;
  const isSimpleMethod = /^(GET|HEAD|POST)$/.test(request.method);
  if ((request.mode === 'same-origin' && !isSameOrigin) || (request.mode === 'no-cors' && !isSimpleMethod)) {
    return failed();
  }
  const isCors = request.mode === 'cors' && !isSameOrigin;
  const unsafe = unsafeNames(request);
  const asked = isCors && (!isSimpleMethod || unsafe.length > 0) ? unsafe : undefined;
  if (asked !== undefined && !preflightPasses(preflight, request, { method: request.method, headers: asked })) {
    return failed(asked);
  }
  const policy = combined(response, 'cross-origin-resource-policy');
  const isCorpBlocked = request.mode === 'no-cors' && !isSameOrigin && policy === 'same-origin';
  if (isCorpBlocked || (isCors && !corsCheck(response, request))) {
    return failed(asked);
  }
  const location = combined(response, 'location');
  if (location !== undefined && [301, 302, 303, 307, 308].includes(response.status)) {
    return follows(request, location) ? { asked, outcome: 'redirect', seen: [] } : failed(asked);
  }
  return { asked, outcome: 'response', seen: seenHeaders(request, response, isCors, isSameOrigin) };
}

/** https://fetch.spec.whatwg.org/#concept-filtered-response */
function seenHeaders(
  request: ModelRequest,
  response: CheckedResponse,
  isCors: boolean,
  isSameOrigin: boolean,
): string[] {
  const names = [...new Set(response.headerLines.map(([name]) => name.toLowerCase()))].sort();
  const exposed = tokenList(response, 'access-control-expose-headers') ?? [];
  const isAll = isSameOrigin || (isCors && !request.credentials && exposed.includes('*'));
  const listed = exposed.map((name) => name.toLowerCase());
  return names.filter(
    (name) =>
      !/^set-cookie2?$/.test(name) &&
      (isAll || (isCors && (SAFE_RESPONSE_HEADERS.test(name) || listed.includes(name)))),
  );
}
