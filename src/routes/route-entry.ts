import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { PlacedDeclaration } from '../policy/merge.js';
import type { PolicySource } from '../policy/policy-source.js';
import type { RouteConstraint } from './route-constraint.js';

/** A route: a handler at one path. */
export interface RouteEntry {
  /** `UsersController.remove` */
  readonly target: PolicySource;
  /** An upper-case method, or {@link ANY_METHOD}. */
  readonly method: string;
  /** The path as Nest builds it. The adapter may register another form of it. */
  readonly path: string;
  readonly policy: CompiledPolicy;
  /** The decorators that apply, outermost first. The policy is made of them: explanations name the place of each option. */
  readonly declarations: readonly PlacedDeclaration[];
  /** The controller class. */
  readonly controller: unknown;
  /** The handler method. */
  readonly handler: object | undefined;
  /** The function that Nest registers: the handler method, unless the instance has its own method of that name. */
  readonly registered: object | undefined;
  /** Whether a host name, as the platform reports it, reaches the handler; `undefined` if every host name does. */
  readonly acceptsHost: ((hostname: string) => boolean) | undefined;
  /** The versions that a filter before the handler accepts, where they are not part of the URL; `undefined` without a filter. */
  readonly versions: readonly unknown[] | undefined;
  /** The constraints that the router compares, and that a preflight does not show. */
  readonly constraints?: readonly RouteConstraint[] | undefined;
  /** The methods of other handlers that may share a URL with this one, and have another policy. Preflights check whether they do. */
  readonly otherMethods: readonly string[];
  /**
   * Whether a preflight does not show if it is for this handler or for one with another policy: the version, or another
   * constraint, is not part of the URL. The actual requests of such a handler are always enforced.
   */
  readonly versionAmbiguous: boolean;
}

/** The method of a route that answers every method. */
export const ANY_METHOD = 'ALL';

/** Whether a route answers a method. HEAD falls back to GET on both platforms. */
export function answersMethod(routeMethod: string, method: string): boolean {
  return routeMethod === method || routeMethod === ANY_METHOD || (method === 'HEAD' && routeMethod === 'GET');
}
