import type { CorsRoute, CorsRoutePolicy } from '../../../../src/explanations/listing/cors-route.js';
import { POLICY_PROPERTIES } from '../../../../src/policy/policy-options.js';

export const APP = 'https://app.example.com';
export const ADMIN = 'https://admin.example.com';

/** A route as `routes()` lists it: open to one origin with default options, unless a test says otherwise. */
export function listedRoute(
  method: string,
  path: string,
  policy: Partial<CorsRoutePolicy> = {},
  route: Partial<CorsRoute> = {},
): CorsRoute {
  const written = Object.keys(policy).map((name) => [name, 'CorsModule']);
  return {
    method,
    path,
    versions: undefined,
    host: undefined,
    constraints: undefined,
    target: 'OrdersController.list',
    state: 'open',
    cacheable: true,
    ...route,
    policy: {
      origin: [APP],
      methods: [method],
      allowedHeaders: ['content-type'],
      exposedHeaders: [],
      credentials: false,
      maxAge: undefined,
      optionsSuccessStatus: 204,
      enforce: false,
      enforceReportOnly: false,
      resourcePolicy: undefined,
      dangerouslyAllowInsecureOrigins: false,
      ...policy,
    },
    sources: {
      ...(Object.fromEntries(POLICY_PROPERTIES.map((name) => [name, 'default'])) as CorsRoute['sources']),
      origin: 'CorsModule',
      ...Object.fromEntries(written),
      ...route.sources,
    },
  };
}

/** A route without cross-origin access. */
export function disabledRoute(method: string, path: string, enforce: CorsRoutePolicy['enforce'] = false): CorsRoute {
  return listedRoute(method, path, { origin: [], methods: [], allowedHeaders: [], enforce }, { state: 'disabled' });
}

/** A route without a policy. */
export function untouchedRoute(method: string, path: string): CorsRoute {
  return listedRoute(method, path, { origin: [], methods: [], allowedHeaders: [] }, { state: 'untouched' });
}

/** An entry of `paths`. */
export function listedPath(path: string): CorsRoute {
  return listedRoute('ALL', path, {}, { target: `paths "${path}"` });
}
