import type { PathPolicyOptions } from '../boot/options/module-options.js';
import type { CacheSafeOriginResolver, OriginResolver } from '../origin/origin-resolver.js';
import type { CorsPolicyOptions } from '../policy/policy-options.js';

type CredentialsForEveryOrigin =
  'Browsers refuse credentials together with any origin: list the origins, or leave credentials out';
type RegExpAsOrigin = 'A RegExp is not an origin: write origins and patterns, for example https://*.example.com';
type CallbackStyle = 'Return true or false: the second parameter is the context of the request, not a callback';
type ContextWithoutCacheKey =
  'A resolver that reads the context declares cacheKey(context), or cache = false: otherwise its answers are reused for other requests';
type UntouchedOverrides = 'An untouched route has no policy to override';

type IsAny<Type> = 0 extends 1 & Type ? true : false;

/** The sentence if a type is the literal `'*'` or `true`, or a list that has the literal `'*'`. */
type EveryOrigin<Origin> =
  IsAny<Origin> extends true
    ? never
    : Origin extends '*' | true
      ? CredentialsForEveryOrigin
      : Origin extends readonly (infer Element)[]
        ? EveryOrigin<Element>
        : never;

/** The sentence if a type is no origin at all. Mistakes without one get the compiler's own message. */
type NoOrigin<Origin> =
  IsAny<Origin> extends true
    ? never
    : Origin extends RegExp
      ? RegExpAsOrigin
      : Origin extends readonly (infer Element)[]
        ? NoOrigin<Element>
        : Origin extends new (
              ...dependencies: never
            ) => infer Resolver
          ? UnsafeResolver<Resolver>
          : Origin extends (...parameters: infer Parameters) => infer Answer
            ? Callback<Parameters, Answer>
            : never;

type UnsafeResolver<Resolver> = Resolver extends CacheSafeOriginResolver
  ? never
  : Resolver extends OriginResolver
    ? ContextWithoutCacheKey
    : never;

/** The sentence if the second parameter is called, as in the callback style. */
type Callback<Parameters, Answer> = Parameters extends [unknown, infer Second, ...unknown[]]
  ? [IsFunction<Second>, IsWrongCall<Answer>, Answer] extends [false, false, boolean | Promise<boolean>]
    ? never
    : CallbackStyle
  : never;

type IsFunction<Type> =
  IsAny<Type> extends true ? false : Type extends (...parameters: never) => unknown ? true : false;

/**
 * Whether an expression with this type contains a compiler error, because it calls the context. The type of such a call
 * is `any`, except that conditional types about it are errors too. A predicate that returns a real `any` is valid.
 */
type IsWrongCall<Answer> = [''] extends [IsAny<Awaited<Answer>>] ? true : false;

/**
 * For each option that cannot work, the sentence; for options with policies inside, their type with the sentence in its
 * place. `never` for the others.
 */
interface MistakeOf<Options> {
  readonly origin: Options extends { readonly origin: infer Origin } ? NoOrigin<Origin> : never;
  readonly credentials: Options extends { readonly origin: infer Origin; readonly credentials: true }
    ? EveryOrigin<Origin>
    : never;
  readonly policies: Options extends { readonly policies: infer Policies }
    ? MistakeInside<Policies, Policies[keyof Policies], CorsPolicyOptions>
    : never;
  readonly paths: Options extends { readonly paths: infer Paths extends readonly unknown[] }
    ? MistakeInside<Paths, Paths[number], PathPolicyOptions>
    : never;
  readonly policy: Options extends { readonly policy: infer Policy }
    ? [keyof Mistakes<Policy>] extends [never]
      ? never
      : CheckedOptions<Policy, CorsPolicyOptions>
    : never;
}

type MistakeInside<All, One, Allowed> = [keyof Mistakes<One>] extends [never]
  ? never
  : { readonly [Key in keyof All]: CheckedOptions<All[Key], Allowed> };

/** The options that cannot work. The type of each is the sentence, because the compiler's error prints it. */
type Mistakes<Options> = {
  readonly [Name in keyof MistakeOf<Options> as [MistakeOf<Options>[Name]] extends [never]
    ? never
    : Name]: MistakeOf<Options>[Name];
};

/**
 * The type of options as they are written: `Allowed` itself, so that editors show its docstrings and suggest its names,
 * unless some option cannot work. Everything else is checked at boot, on the merged policy.
 *
 * The first branch is never taken. It is where the compiler infers `Options` from.
 */
export type CheckedOptions<Options, Allowed> = [Options] extends [never]
  ? Options
  : [keyof Mistakes<Options>] extends [never]
    ? Allowed
    : Omit<Allowed, keyof Mistakes<Options>> & Mistakes<Options>;

/** The type of overrides of a named policy. The reserved policy has none. */
export type CheckedOverrides<Name extends string, Options, Allowed> = Name extends 'untouched'
  ? UntouchedOverrides
  : CheckedOptions<Options, Allowed>;

/** The type of the only argument of a decorator: the name of a policy, or options. */
export type CheckedPolicy<Policy, Allowed> = [Policy] extends [string]
  ? Policy
  : CheckedOptions<Policy, Allowed> | undefined;
