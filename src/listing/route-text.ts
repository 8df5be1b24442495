import { pathTarget } from '../policy/policy-source.js';
import { ANY_METHOD } from '../routes/route-entry.js';
import { escapePattern } from '../validation/problems/source-text.js';
import type { CorsRoute } from './cors-route.js';
import { DEFAULT_SOURCE } from './effective-policy.js';

/** What an option without a value in the list looks like. */
const NONE = 'none';

/** `GET /orders/:id`, with versions, hosts and constraints. An entry of `paths` is `paths /graphql`. Printable ASCII. */
export function routeText(route: CorsRoute): string {
  return `${methodText(route)} ${pathText(route)}`;
}

/** The method of a route; `paths` for an entry of `paths`. */
export function methodText({ method, path, target }: CorsRoute): string {
  return method === ANY_METHOD && target === pathTarget(path) ? 'paths' : method;
}

/** The path of a route, with versions, hosts and constraints. */
export function pathText({ path, versions, host, constraints }: CorsRoute): string {
  const conditions = [
    ...(versions === undefined ? [] : [`version ${versions.join(', ')}`]),
    ...(host === undefined ? [] : [`host ${host.join(', ')}`]),
    ...Object.entries(constraints ?? {}).map(([name, value]) => `${name} ${value}`),
  ];
  return escapePattern(conditions.length === 0 ? path : `${path} (${conditions.join('; ')})`);
}

/** The options of a policy that differ from the defaults, without its state and its origins. */
export function optionTexts({ policy, sources }: CorsRoute, listText = (names: readonly string[]) => names.join(', ')) {
  const headers = policy.allowedHeaders;
  const texts = [
    policy.credentials && 'credentials',
    sources.methods !== DEFAULT_SOURCE && policy.methods.length > 0 && `methods ${listText(policy.methods)}`,
    sources.allowedHeaders !== DEFAULT_SOURCE && policy.origin.length > 0 && `headers ${listText(headers) || NONE}`,
    policy.exposedHeaders.length > 0 && `exposes ${listText(policy.exposedHeaders)}`,
    policy.maxAge !== undefined && `max-age ${policy.maxAge}`,
    policy.optionsSuccessStatus !== 204 && `status ${policy.optionsSuccessStatus}`,
    policy.enforce !== false && `enforce ${policy.enforce}${policy.enforceReportOnly ? ' (report only)' : ''}`,
    policy.dangerouslyAllowInsecureOrigins && 'insecure origins allowed',
  ];
  return texts.filter((text) => text !== false);
}

/** The whole policy of a route on one line, equal for equal policies: `open to https://app.example.com; credentials`. */
export function policyText(route: CorsRoute): string {
  const { state, policy } = route;
  const origins = state === 'open' ? [`open to ${policy.origin.join(', ')}`] : [state];
  return escapePattern([...origins, ...optionTexts(route)].join('; '));
}
