/**
 * What the Fetch standard does with a request, word by word, slow and obvious. It shares no code with the library, so
 * both cannot have the same mistake.
 */
export interface ModelRequest {
  readonly origin: string;
  readonly url: string;
  readonly method: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly credentials: boolean;
  readonly mode: 'cors' | 'no-cors' | 'same-origin';
}

export interface ModelResponse {
  readonly status: number;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

export interface ModelResult {
  /** The names of the preflight; `undefined` if none is sent. */
  readonly asked: readonly string[] | undefined;
  readonly outcome: 'network error' | 'response' | 'redirect';
  /** The names of the headers that the page can read. */
  readonly seen: readonly string[];
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN_HEADER =
  /^(accept-charset|accept-encoding|access-control-request-headers|access-control-request-method|connection|content-length|cookie|cookie2|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/;
const SAFE_RESPONSE_HEADERS =
  /^(cache-control|content-language|content-length|content-type|expires|last-modified|pragma)$/;

/** https://fetch.spec.whatwg.org/#concept-header-list-get */
function get(response: ModelResponse, name: string): string | null {
  const values = response.headers
    .filter((header) => header.name.toLowerCase() === name)
    .map(({ value }) => value.trim());
  return values.length === 0 ? null : values.join(', ');
}

/** https://fetch.spec.whatwg.org/#extract-header-list-values: null without the header, false if it cannot be parsed. */
function extract(response: ModelResponse, name: string): string[] | null | false {
  const value = get(response, name);
  if (value === null) {
    return null;
  }
  const elements = value.split(',').map((element) => element.trim());
  const items = elements.filter((element) => element !== '');
  return items.every((item) => TOKEN.test(item)) ? items : false;
}

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

/** https://fetch.spec.whatwg.org/#cors-check */
function corsCheck(request: ModelRequest, response: ModelResponse): boolean {
  const origin = get(response, 'access-control-allow-origin');
  if (origin === null) {
    return false;
  }
  if (!request.credentials && origin === '*') {
    return true;
  }
  if (request.origin !== origin) {
    return false;
  }
  return !request.credentials || get(response, 'access-control-allow-credentials') === 'true';
}

/** https://fetch.spec.whatwg.org/#cors-preflight-fetch, step 7 */
function preflightPasses(request: ModelRequest, asked: readonly string[], response: ModelResponse): boolean {
  if (!corsCheck(request, response) || response.status < 200 || response.status > 299) {
    return false;
  }
  const methods = extract(response, 'access-control-allow-methods');
  const headerNames = extract(response, 'access-control-allow-headers');
  if (methods === false || headerNames === false) {
    return false;
  }
  const star = (list: string[] | null) => !request.credentials && (list ?? []).includes('*');
  const listed = (headerNames ?? []).map((name) => name.toLowerCase());
  const isMethodAllowed =
    (methods ?? []).includes(request.method) || /^(GET|HEAD|POST)$/.test(request.method) || star(methods);
  return (
    isMethodAllowed && asked.every((name) => listed.includes(name) || (name !== 'authorization' && star(headerNames)))
  );
}

/** https://fetch.spec.whatwg.org/#http-redirect-fetch: whether a redirect is followed. */
function follows(request: ModelRequest, location: string): boolean {
  if (!URL.canParse(location, request.url)) {
    return false;
  }
  const target = new URL(location, request.url);
  const userInfo = target.username !== '' || target.password !== '';
  const tainting = new URL(request.url).origin !== request.origin;
  return (
    /^https?:$/.test(target.protocol) &&
    !(request.mode === 'cors' && userInfo && (tainting || target.origin !== request.origin))
  );
}

/** The request's method is normalized, and its URL is one of http or https without a user name. */
export function fetchModel(request: ModelRequest, preflight: ModelResponse, response: ModelResponse): ModelResult {
  const failed = (asked?: readonly string[]): ModelResult => ({ asked, outcome: 'network error', seen: [] });
  const isSameOrigin = new URL(request.url).origin === request.origin;
  const isSimpleMethod = /^(GET|HEAD|POST)$/.test(request.method);
  if ((request.mode === 'same-origin' && !isSameOrigin) || (request.mode === 'no-cors' && !isSimpleMethod)) {
    return failed();
  }
  const isCors = request.mode === 'cors' && !isSameOrigin;
  const unsafe = unsafeNames(request);
  const asked = isCors && (!isSimpleMethod || unsafe.length > 0) ? unsafe : undefined;
  if (asked !== undefined && !preflightPasses(request, asked, preflight)) {
    return failed(asked);
  }
  const policy = get(response, 'cross-origin-resource-policy');
  const isCorpBlocked = request.mode === 'no-cors' && !isSameOrigin && policy === 'same-origin';
  if (isCorpBlocked || (isCors && !corsCheck(request, response))) {
    return failed(asked);
  }
  const location = get(response, 'location');
  if (location !== null && [301, 302, 303, 307, 308].includes(response.status)) {
    return follows(request, location) ? { asked, outcome: 'redirect', seen: [] } : failed(asked);
  }
  return { asked, outcome: 'response', seen: seenHeaders(request, response, isCors, isSameOrigin) };
}

/** https://fetch.spec.whatwg.org/#concept-filtered-response */
function seenHeaders(request: ModelRequest, response: ModelResponse, isCors: boolean, isSameOrigin: boolean): string[] {
  const names = [...new Set(response.headers.map(({ name }) => name.toLowerCase()))].sort();
  const exposed = extract(response, 'access-control-expose-headers') || [];
  const isAll = isSameOrigin || (isCors && !request.credentials && exposed.includes('*'));
  const listed = exposed.map((name) => name.toLowerCase());
  return names.filter(
    (name) =>
      !/^set-cookie2?$/.test(name) &&
      (isAll || (isCors && (SAFE_RESPONSE_HEADERS.test(name) || listed.includes(name)))),
  );
}
