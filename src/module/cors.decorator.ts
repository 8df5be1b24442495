import { addDeclaration, type DecoratorArguments } from '../boot/metadata/cors-metadata.accessor.js';
import type { CorsPolicyOptions } from '../policy/policy-options.js';
import type { CheckedOverrides, CheckedPolicy } from './checked-options.js';
import { addInstalledCheck } from './installed-check.js';

/**
 * Opens a handler below `@DisableCors()` or `@Cors('untouched')` again, with the application-wide policy.
 *
 * Mistakes are reported when the application initialises, as problems of `CorsConfigurationError`: `decorator-conflict`
 * together with `@DisableCors()`, `decorator-misplaced` on anything but a controller or a routed handler.
 * `not-installed` in an HTTP application without `CorsModule`; unit tests of controllers need none.
 *
 * @example
 * ```@Cors()```
 */
export function Cors(): ClassDecorator & MethodDecorator;
/**
 * Sets the CORS policy of a controller or of a handler, by options or by the name of a policy.
 *
 * Options: per property the nearest level that sets it wins: handler, then class, then the policy of `CorsModule`. Lists
 * replace, they never add up.
 *
 * A name: a policy of `CorsModule.forRoot({ policies })`. It restarts the cascade: nothing from levels further out
 * applies. The name `untouched` is reserved, for handlers that answer CORS themselves (a proxy, a handler library). It
 * adds nothing, removes nothing, enforces nothing and passes preflights on to the platform.
 *
 * Mistakes are reported when the application initialises, as problems of `CorsConfigurationError`: `decorator-conflict`
 * together with `@DisableCors()`, `decorator-misplaced` on anything but a controller or a routed handler,
 * `policy-unknown` for an unknown name, and the codes of the options. `not-installed` in an HTTP application without
 * `CorsModule`; unit tests of controllers need none.
 *
 * @param policy what this level sets, where what it leaves out is inherited; or the name of a policy
 * @example
 * ```@Cors({ origin: ['https://admin.example.com'], credentials: true })```
 * @example
 * ```@Cors('partners')```
 */
export function Cors<const Policy = CorsPolicyOptions>(
  policy: CheckedPolicy<Policy, CorsPolicyOptions>,
): ClassDecorator & MethodDecorator;
/**
 * Applies a named policy of `CorsModule.forRoot({ policies })` with some of its properties replaced. It restarts the
 * cascade: nothing from levels further out applies.
 *
 * Mistakes are reported when the application initialises: `policy-unknown` for an unknown name, `policy-reserved` for
 * overrides of `untouched`, and those of `@Cors({ ... })`.
 *
 * @param policy the name
 * @param overrides properties that replace those of the named policy here
 * @example
 * ```@Cors('partners', { maxAge: 0 })```
 */
export function Cors<const Name extends string, const Options = CorsPolicyOptions>(
  policy: Name,
  overrides: CheckedOverrides<Name, Options, CorsPolicyOptions> | undefined,
): ClassDecorator & MethodDecorator;
export function Cors(policyOrOptions?: unknown, overrides?: unknown): ClassDecorator & MethodDecorator {
  return decorate(
    // With overrides the first argument is a name. If it is not one (an unset variable), the boot reports that.
    typeof policyOrOptions === 'string' || overrides !== undefined
      ? { kind: 'cors', policy: policyOrOptions, options: overrides }
      : { kind: 'cors', options: policyOrOptions },
  );
}

/**
 * Allows no cross-origin access to a controller or handler: preflights are refused, and responses carry no CORS
 * headers, not even those that other code sets. The handler still runs for requests that browsers send without a
 * preflight, unless a level above sets `enforce`, which is inherited.
 */
export function DisableCors(): ClassDecorator & MethodDecorator {
  return decorate({ kind: 'disabled' });
}

function decorate(declaration: DecoratorArguments): ClassDecorator & MethodDecorator {
  return (target: object, property?: string | symbol, descriptor?: PropertyDescriptor): void => {
    addDeclaration(target, property, descriptor, declaration);
    addInstalledCheck(target);
  };
}
