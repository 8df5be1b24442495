import fc from 'fast-check';
import type { CorsExplanationRequest } from 'nestjs-cors';
import {
  APPLICATION_WIDE,
  type ApplicationModel,
  EVERYONE,
  originOf,
  routesOf,
} from '../applications/application-model.js';
import type { RoutedRequest } from '../request-arbitrary.js';

const ORIGINS = [
  'everyone',
  'own',
  'own',
  'other',
  'application-wide',
  'insecure',
  'port',
  'null',
  'upper case',
] as const;
const HEADERS = Object.freeze({
  'x-a': '1',
  authorization: 'Bearer a',
  traceparent: '00-a',
  'X-B': '2',
  'Accept-Language': 'de',
});

/** What a page adds to a request of the routing tests. */
export interface PageDraw {
  readonly origin: (typeof ORIGINS)[number];
  readonly headers: readonly (keyof typeof HEADERS)[];
  readonly credentials: boolean;
  readonly lowerCase: boolean;
}

export const pageDraws: fc.Arbitrary<PageDraw> = fc.record({
  origin: fc.constantFrom(...ORIGINS),
  headers: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    fc.subarray(Object.keys(HEADERS) as (keyof typeof HEADERS)[], { maxLength: 3 }),
  ),
  credentials: fc.boolean(),
  lowerCase: fc.boolean(),
});

/** A request of a page, with header values. */
export interface GeneratedPageRequest extends CorsExplanationRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: boolean;
}

/** `undefined` for targets that a page cannot request. */
export function pageRequest(
  { method, target, headers, route }: RoutedRequest,
  draw: PageDraw,
  model: ApplicationModel,
): GeneratedPageRequest | undefined {
  if (!target.startsWith('/')) {
    return undefined;
  }
  const { Host: host, ...sent } = headers;
  const own = originOf(route.label);
  const routes = routesOf(model);
  const other = routes[(routes.indexOf(route) + 1) % routes.length]?.label ?? APPLICATION_WIDE;
  const origins: Readonly<Record<PageDraw['origin'], string>> = {
    everyone: EVERYONE,
    own,
    other: originOf(other),
    'application-wide': originOf(APPLICATION_WIDE),
    insecure: own.replace('https:', 'http:'),
    port: `${own}:8443`,
    null: 'null',
    'upper case': own.toUpperCase(),
  };
  return {
    // Browsers do not change `patch` to upper case.
    method: method === 'PATCH' && draw.lowerCase ? 'patch' : method,
    url: target.replace(/#.*/, ''),
    origin: origins[draw.origin],
    headers: { ...sent, ...Object.fromEntries(draw.headers.map((name) => [name, HEADERS[name]])) },
    credentials: draw.credentials,
    host,
  };
}
