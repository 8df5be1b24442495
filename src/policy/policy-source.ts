/**
 * The place where a policy is written: `CorsModule`, `policy "partners"`, `paths "/graphql"`, `UsersController` or
 * `UsersController.remove`.
 */
export type PolicySource = string;

/** The target of the options of the module. */
export const MODULE_TARGET: PolicySource = 'CorsModule';

/** The target of a route that was unknown at boot, and of a request whose handling failed. */
export const UNKNOWN_ROUTE: PolicySource = 'an unknown route';

const PATH = 'paths "';
const NAMED = 'policy "';

/** The target of a named policy. */
export function namedTarget(name: string): PolicySource {
  return `${NAMED}${name}"`;
}

/** Whether a target is a named policy. */
export function isNamedTarget(target: PolicySource): boolean {
  return target.startsWith(NAMED);
}

/** The target of an entry of `paths`. */
export function pathTarget(path: string): PolicySource {
  return `${PATH}${path}"`;
}

/** Whether a target is an entry of `paths`. */
export function isPathTarget(target: PolicySource): boolean {
  return target.startsWith(PATH);
}

/** The target of a registered route that was unknown at boot. */
export function unknownRoute(method: string, path: string): PolicySource {
  return `${UNKNOWN_ROUTE}, ${method} ${path}`;
}

/** Whether a target is not a place where a policy is written. */
export function isUnknownRoute(target: PolicySource): boolean {
  return target.startsWith(UNKNOWN_ROUTE);
}
