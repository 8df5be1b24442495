import type { CorsPolicyOptions } from '../policy/policy-options.js';

/** Whether a type is the literal `'*'` or `true`, or a list that has the literal `'*'`. */
type IsEveryOrigin<Origin> = string extends Origin
  ? false
  : Origin extends '*' | true
    ? true
    : Origin extends readonly (infer Element)[]
      ? string extends Element
        ? false
        : '*' extends Element
          ? true
          : false
      : false;

type EveryOriginWithCredentials<Options> = Options extends { readonly origin: infer Origin; readonly credentials: true }
  ? IsEveryOrigin<Origin>
  : false;

/** A type nothing has, so that its message stands in the compiler's error. */
export interface CorsTypeError<Message extends string> {
  readonly ' not allowed': Message;
}

/**
 * Makes the obvious impossible a type error with a sentence to read: credentials for every origin, and names that are
 * no options. Everything else is checked at boot, on the merged policy.
 */
export type CheckedOptions<Options, Allowed = CorsPolicyOptions> = {
  readonly [Name in keyof Options]: Name extends keyof Allowed
    ? Name extends 'credentials'
      ? EveryOriginWithCredentials<Options> extends true
        ? CorsTypeError<'Browsers refuse credentials together with any origin: list the origins, or leave credentials out'>
        : Options[Name]
      : Options[Name]
    : CorsTypeError<`'${Name & string}' is not an option of a CORS policy`>;
};

/** Makes overrides of the reserved policy a type error. */
export type OverridesOf<Name extends string> = Name extends 'untouched'
  ? CorsTypeError<'An untouched route has no policy to override'>
  : unknown;
