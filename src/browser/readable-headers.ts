import { isForbiddenResponseHeader, lowerCaseName, SAFELISTED_RESPONSE_HEADERS } from '../policy/header-names.js';
import { type HttpResponse, tokenList } from './http-response.js';
import { isCrossOrigin, type PageRequest, parseUrl } from './page-request.js';

/**
 * The names of a response's headers that the script may read, in lower case, each once. Call it for a readable response.
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response-cors
 */
export function readableHeaders(request: PageRequest, response: HttpResponse): readonly string[] {
  const present = new Set(response.headers.map(({ name }) => lowerCaseName(name)));
  const isReadable = readableNames(request, response);
  return Object.freeze([...present].filter((name) => !isForbiddenResponseHeader(name) && isReadable(name)));
}

function readableNames(request: PageRequest, response: HttpResponse): (name: string) => boolean {
  const url = parseUrl(request.url);
  if (url !== undefined && !isCrossOrigin(request.origin, url)) {
    return () => true;
  }
  if (request.mode !== 'cors') {
    return () => false;
  }
  const { tokens, unreadable } = tokenList(response, 'access-control-expose-headers');
  if (unreadable === undefined && !request.credentials && tokens.includes('*')) {
    return () => true;
  }
  const exposed = new Set([
    ...SAFELISTED_RESPONSE_HEADERS,
    ...(unreadable === undefined ? tokens.map(lowerCaseName) : []),
  ]);
  return (name) => exposed.has(name);
}
