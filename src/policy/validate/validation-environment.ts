/** What validation needs to know of the world outside. One per boot. */
export interface ValidationEnvironment {
  /** Whether the application runs in production (`NODE_ENV`). */
  readonly production: boolean;
  /** Numbers from 0 up to 1, such as `Math.random`: for invented origins. */
  readonly random: () => number;
  /**
   * Whether a predicate allowed an invented origin. Filled during the boot, so that each predicate is
   * tried once however many policies share it.
   */
  readonly probed: Map<object, boolean>;
}

/** What is known of the target besides its policy. */
export interface ValidationSubject {
  /**
   * The methods the handler is mapped to, in upper case; `*` or `ALL` for every method.
   * @default none are compared
   */
  readonly mappedMethods?: readonly string[];
  /**
   * Whether a policy without an origin is a mistake, as below a `@Cors()`, or leaves the route untouched.
   * @default true, except for `CorsModule`
   */
  readonly originRequired?: boolean;
}
