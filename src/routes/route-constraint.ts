/** Something of a request, besides method, URL and host, by which a router chooses between routes. */
export interface RouteConstraint {
  /** The name of the strategy that reads it from a request. */
  readonly strategy: string;
  /** What the route names, as it is written. */
  readonly value: unknown;
  /** The values that lead to the route; absent where they cannot be listed, as those of an expression or a range. */
  readonly values: readonly unknown[] | undefined;
  /** Whether the strategy answers later. */
  readonly asynchronous: boolean;
}
