import { ANY_METHOD, type RouteEntry } from '../routes/route-entry.js';

/** A route in the router of a platform. */
export interface RegisteredRoute {
  /** An upper-case method, or `ALL`. */
  readonly method: string;
  /** As it is registered. A regular expression is its source text. */
  readonly path: string;
  /** Absent for a route that the application or a library registered on the platform itself. */
  readonly entry: RouteEntry | undefined;
  /** What the router compares besides method, path and the versions of the entry, by name. */
  readonly constraints: Readonly<Record<string, unknown>> | undefined;
}

const COMMON_METHODS = Object.freeze(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The methods of one path, in upper case: `ALL` if the common ones are among them, because platforms know different others. */
export function listedMethods(methods: readonly string[]): readonly string[] {
  return COMMON_METHODS.every((method) => methods.includes(method)) ? [ANY_METHOD] : methods;
}
