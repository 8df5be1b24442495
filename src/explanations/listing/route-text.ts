import { DEFAULT_SOURCE } from '../../boot/policies/option-sources.js';
import { isSafelistedMethod } from '../../policy/methods.js';
import { pathTarget } from '../../policy/policy-source.js';
import { ANY_METHOD } from '../../routes/route-entry.js';
import { escapePattern } from '../../validation/problems/source-text.js';
import type { CorsRoute } from './cors-route.js';

/** What an option without a value in the list looks like. */
const NONE = 'none';

/** `GET /orders/:id`, with versions, hosts and constraints. Printable ASCII. */
export function routeText(route: CorsRoute): string {
  return `${methodText(route)} ${pathText(route)}`;
}

/** The method of a route; `paths` for an entry of `paths`. */
export function methodText(route: CorsRoute): string {
  return isPathsEntry(route) ? 'paths' : route.method;
}

/** The path of a route, with versions, hosts and constraints. */
export function pathText(route: CorsRoute): string {
  const { path, versions, host, constraints } = route;
  const conditions = [
    ...(isPathsEntry(route) ? ['every method and all paths below'] : []),
    ...(versions === undefined ? [] : [`version ${versions.join(', ')}`]),
    ...(host === undefined ? [] : [`host ${host.join(', ')}`]),
    ...Object.entries(constraints ?? {}).map(([name, value]) => `${name} ${value}`),
  ];
  return escapePattern(conditions.length === 0 ? path : `${path} (${conditions.join('; ')})`);
}

function isPathsEntry({ method, path, target }: CorsRoute): boolean {
  return method === ANY_METHOD && target === pathTarget(path);
}

/** Whether the policy of a handler refuses preflights for the handler's own method. */
export function isMethodRefused({ method, state, policy: { methods } }: CorsRoute): boolean {
  const isAllowed = isSafelistedMethod(method) || methods.includes(method) || methods.includes('*');
  return state === 'open' && method !== ANY_METHOD && !isAllowed;
}

/** Whether an entry of `policy.origin` is the name of a predicate or resolver. */
export function isFunctionName(origin: string): boolean {
  return origin !== '*' && !origin.includes('://');
}

/** The state of a route, with its origins: `open to https://app.example.com`. */
export function stateText({ state, policy: { origin } }: CorsRoute, listText = joined): string {
  if (state !== 'open') {
    return state;
  }
  if (origin.some(isFunctionName)) {
    return `open, decided by ${joined(origin)}`;
  }
  return `open to ${origin.includes('*') ? 'any origin' : listText(origin)}`;
}

/** The options of a policy that differ from the defaults, without its state and its origins. */
export function optionTexts(route: CorsRoute, listText = joined): readonly string[] {
  const { method, state, policy, sources } = route;
  const refused = isMethodRefused(route) ? `${method} refused: ` : '';
  const isSet = (option: 'methods' | 'allowedHeaders') => state === 'open' && sources[option] !== DEFAULT_SOURCE;
  const texts = [
    policy.credentials && 'credentials',
    isSet('methods') && `${refused}methods ${listText(policy.methods) || NONE}`,
    isSet('allowedHeaders') && `headers ${listText(policy.allowedHeaders) || NONE}`,
    policy.exposedHeaders.length > 0 && `exposes ${listText(policy.exposedHeaders)}`,
    policy.maxAge !== undefined && `max-age ${policy.maxAge}`,
    policy.optionsSuccessStatus !== 204 && `status ${policy.optionsSuccessStatus}`,
    policy.enforce !== false && `enforce ${policy.enforce}${policy.enforceReportOnly ? ' (report only)' : ''}`,
    policy.resourcePolicy !== undefined && `resource policy ${policy.resourcePolicy}`,
    policy.dangerouslyAllowInsecureOrigins && 'insecure origins allowed',
  ];
  return texts.filter((text) => text !== false);
}

/**
 * The whole policy of a route on one line: `open to https://app.example.com; credentials`. Routes with the same text are
 * a group of the table.
 */
export function policyText(route: CorsRoute): string {
  return escapePattern([stateText(route), ...optionTexts(route)].join('; '));
}

function joined(names: readonly string[]): string {
  return names.join(', ');
}
