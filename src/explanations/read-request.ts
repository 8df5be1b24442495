import { isCrossOrigin, type PageHeader, type PageRequest, parseUrl } from '../browser/page-request.js';
import { isToken } from '../policy/http-token.js';
import { isForbiddenMethod, normalizeMethod } from '../policy/methods.js';
import { quoteValue } from '../validation/problems/quote-value.js';
import { quoteName } from '../validation/problems/source-text.js';
import { closestName } from '../validation/remedies/closest-name.js';
import type { CorsExplanationRequest } from './cors-explanation.js';

const PROPERTIES = Object.freeze(['method', 'url', 'origin', 'headers', 'credentials', 'host'] as const);

type Property = (typeof PROPERTIES)[number];

/** A checked request. */
export interface ReadRequest {
  /** The request as browsers see it, with an absolute URL. */
  readonly page: PageRequest;
  /** The request target that the browser sends: a path with its query, in printable ASCII. */
  readonly target: string;
  /** The Host header; `undefined` if none is known. */
  readonly host: string | undefined;
  /** Whether the request goes over TLS, as an absolute URL tells. */
  readonly encrypted: boolean;
  /** Whether the page and the URL have the same origin, so that the browser applies no CORS. */
  readonly sameOrigin: boolean;
}

/** @throws TypeError that names the property, the value, and what to write instead */
export function readRequest(given: unknown): ReadRequest {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(
      `CorsService.explain() needs a request, and got ${quoteValue(given)}. Write for example \`explain({ url: '/orders', origin: 'https://app.example.com' })\`.`,
    );
  }
  for (const name of Object.keys(given)) {
    if (!(PROPERTIES as readonly string[]).includes(name)) {
      throw unknownProperty(name);
    }
  }
  const request = given as { readonly [name in Property]?: unknown } & CorsExplanationRequest;
  const origin = readOrigin(request.origin);
  const method = readMethod(request.method);
  const address = readAddress(request.url, readHost(request.host), origin);
  const page: PageRequest = Object.freeze({
    origin,
    url: address.absolute,
    method,
    headers: readHeaders(request.headers),
    credentials: readCredentials(request.credentials),
    mode: 'cors',
  });
  const { target, host, encrypted } = address;
  // Without a host, the page cannot have the same one.
  const sameOrigin = host !== undefined && !isCrossOrigin(origin, new URL(address.absolute));
  return { page, target, host, encrypted, sameOrigin };
}

function readOrigin(origin: unknown): string {
  if (typeof origin !== 'string' || origin === '') {
    throw mistake('origin', origin, "Write the origin of the page, for example 'https://app.example.com'");
  }
  return origin;
}

function readMethod(method: unknown = 'GET'): string {
  if (typeof method !== 'string' || !isToken(method)) {
    throw mistake('method', method, "Write an HTTP method, for example 'DELETE'");
  }
  if (isForbiddenMethod(method)) {
    throw mistake('method', method, 'Browsers refuse to send it for a script. Write another method');
  }
  return normalizeMethod(method);
}

function readCredentials(credentials: unknown = false): boolean {
  if (typeof credentials !== 'boolean') {
    throw mistake('credentials', credentials, "Write `true` for a page that sends cookies (`credentials: 'include'`)");
  }
  return credentials;
}

function readHost(host: unknown): string | undefined {
  if (host === undefined) {
    return undefined;
  }
  const isHost = typeof host === 'string' && /^[^\s/?#@\\]+$/.test(host) && parseUrl(`http://${host}`) !== undefined;
  if (!isHost || /[^!-~]/.test(host)) {
    throw mistake('host', host, "Write the Host header of the request, for example 'api.example.com'");
  }
  return host;
}

interface Address {
  readonly target: string;
  readonly host: string | undefined;
  readonly encrypted: boolean;
  /** With an invented host where none is known. */
  readonly absolute: string;
}

/** A host that no page has. */
const UNKNOWN_HOST = 'unknown-host.invalid';

function readAddress(url: unknown, host: string | undefined, origin: string): Address {
  if (typeof url !== 'string' || url === '') {
    throw mistake('url', url, "Write the path that the page requests, for example '/orders/7'");
  }
  if (url.startsWith('/')) {
    const target = sentTarget(url);
    // A page mostly has the scheme of its own API.
    const scheme = origin.startsWith('http://') ? 'http' : 'https';
    return { target, host, encrypted: false, absolute: `${scheme}://${host ?? UNKNOWN_HOST}${target}` };
  }
  const parsed = /^https?:\/\//i.test(url) ? parseUrl(url) : undefined;
  if (parsed === undefined) {
    throw mistake('url', url, "Write a path that begins with a slash, or an 'http:' or 'https:' URL");
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw mistake('url', url, 'Browsers refuse to request a URL with a user name or password. Leave them out');
  }
  if (host !== undefined && host.toLowerCase() !== parsed.host) {
    throw mistake('host', host, `The url has the host ${quoteValue(parsed.host)}. Leave \`host\` out`);
  }
  const encrypted = parsed.protocol === 'https:';
  return { target: parsed.pathname + parsed.search, host: parsed.host, encrypted, absolute: parsed.href };
}

/** A path as browsers send it: without its fragment, and encoded where HTTP needs that. Dot segments stay. */
function sentTarget(path: string): string {
  const end = path.indexOf('#');
  return (end === -1 ? path : path.slice(0, end)).replace(/[^!-~]/gu, (character) =>
    /\p{Surrogate}/u.test(character) ? '%EF%BF%BD' : encodeURIComponent(character),
  );
}

function readHeaders(headers: unknown = []): readonly PageHeader[] {
  if (Array.isArray(headers)) {
    return headers.map((name: unknown) => ({ name: readName(name) }));
  }
  if (Object.prototype.toString.call(headers) !== '[object Object]') {
    throw mistake('headers', headers, "Write a list of names, or an object: `{ 'x-api-version': '2' }`");
  }
  return Object.entries(headers as object).map(([name, value]: [string, unknown]) => ({
    name: readName(name),
    value: readValue(name, value),
  }));
}

function readName(name: unknown): string {
  if (typeof name !== 'string' || !isToken(name)) {
    throw mistake('headers', name, "Write the name of a header, for example 'authorization'");
  }
  return name;
}

function readValue(name: string, value: unknown): string {
  // Browsers refuse other values too: https://fetch.spec.whatwg.org/#header-value
  if (typeof value !== 'string' || /[^\t -~\x80-\xff]/.test(value)) {
    throw mistake('headers', value, `Write the value of ${quoteName(name)} as one line of text`);
  }
  return value;
}

function unknownProperty(name: string): TypeError {
  const closest = closestName(name, PROPERTIES);
  const fix = closest === undefined ? `The properties are ${PROPERTIES.join(', ')}` : `Did you mean \`${closest}\``;
  return new TypeError(
    `CorsService.explain() has no property ${quoteName(name)}. ${fix}${closest === undefined ? '.' : '?'}`,
  );
}

function mistake(property: Property, value: unknown, fix: string): TypeError {
  return new TypeError(`CorsService.explain(): \`${property}\` is ${quoteValue(value)}. ${fix}.`);
}
