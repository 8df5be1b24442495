import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { PolicySource } from '../policy/policy-source.js';
import type { RouteConstraint } from './route-constraint.js';

/** One route the platform was asked to register: a handler at one path. */
export interface RouteEntry {
  /** `UsersController.remove` */
  readonly target: PolicySource;
  /** An upper-case method, or {@link ANY_METHOD}. */
  readonly method: string;
  /** The path as Nest builds it; the adapter may register it in a form of its own. */
  readonly path: string;
  readonly policy: CompiledPolicy;
  /** The controller class. */
  readonly controller: unknown;
  /** The handler method. */
  readonly handler: object | undefined;
  /** What is registered for it: the same, unless an instance has a method of its own in its place. */
  readonly registered: object | undefined;
  /** Whether a host name, as the platform reports it, reaches the handler; absent where every one does. */
  readonly acceptsHost: ((hostname: string) => boolean) | undefined;
  /**
   * The versions a filter in front of the handler lets through, for versioning that is not part of the URL; absent
   * where nothing filters.
   */
  readonly versions: readonly unknown[] | undefined;
  /** What else the router compares and a preflight does not show; absent where there is nothing. */
  readonly constraints?: readonly RouteConstraint[] | undefined;
  /**
   * Methods whose handlers may share a URL with this one and have another policy, so that a preflight must look
   * whether they do. Found at boot.
   */
  readonly otherMethods: readonly string[];
  /**
   * Whether a preflight can not tell this handler from another one with another policy, because the version is not
   * part of the URL, or because of another constraint. Its actual requests are always enforced.
   */
  readonly versionAmbiguous: boolean;
}

/** The method of a route that answers every method. */
export const ANY_METHOD = 'ALL';

/** Whether a route answers a method: HEAD falls back to GET on both platforms. */
export function answersMethod(routeMethod: string, method: string): boolean {
  return routeMethod === method || routeMethod === ANY_METHOD || (method === 'HEAD' && routeMethod === 'GET');
}
