/** A property of a request, besides method, URL and host, by which a router chooses between routes. */
export interface RouteConstraint {
  /** The strategy that reads it from a request. */
  readonly strategy: string;
  /** The value that the route names. */
  readonly value: unknown;
  /** The values of requests that reach the route; `undefined` if they cannot be listed, for example for a range. */
  readonly values: readonly unknown[] | undefined;
  /** Whether the strategy answers later. */
  readonly asynchronous: boolean;
}
