import type { Target } from './merged-policy.js';

/** The target of a route that was not known at boot, and of a request whose handling failed. */
export const UNKNOWN_ROUTE: Target = 'an unknown route';

const PATH = 'path "';

/** The target of an entry of `paths`. */
export function pathTarget(path: string): Target {
  return `${PATH}${path}"`;
}

/** Whether a target is an entry of `paths`. */
export function isPathTarget(target: Target): boolean {
  return target.startsWith(PATH);
}

/** The target of a route that was registered, but not known at boot. */
export function unknownRoute(method: string, path: string): Target {
  return `${UNKNOWN_ROUTE}, ${method} ${path}`;
}

/** Whether a target stands for no place where a policy is written. */
export function isUnknownRoute(target: Target): boolean {
  return target.startsWith(UNKNOWN_ROUTE);
}
