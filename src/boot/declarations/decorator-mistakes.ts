import type { CorsProblem, CorsWarning } from '../../validation/problems/problem.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import type { WrittenDeclaration } from '../metadata/cors-metadata.accessor.js';
import { decoratorName, placeLabel } from './decorator-labels.js';

/** Several decorators on one class or method. */
export function conflictingDecorators(place: string, declarations: readonly WrittenDeclaration[]): CorsProblem {
  return {
    code: 'decorator-conflict',
    targets: [place],
    message: `${declarations.map(decoratorName).join(' and ')} are on the same target, but only one can apply.`,
    remedy: 'Keep one: @DisableCors() for no cross-origin access, or a single @Cors({ ... }) with all its options.',
  };
}

/** Another decorator replaced a decorated method with a function that has the declaration of another place. */
export function conflictingCopies(place: string, written: WrittenDeclaration, copy: WrittenDeclaration): CorsProblem {
  return {
    code: 'decorator-conflict',
    targets: [place],
    message: `${decoratorName(written)} is written here, but another decorator replaced the function and gave it the metadata of ${placeLabel(copy)}, which has ${decoratorName(copy)}. Only one of them can apply.`,
    remedy:
      'Let that decorator copy the metadata of the function it replaces: `for (const key of Reflect.getMetadataKeys(original)) Reflect.defineMetadata(key, Reflect.getMetadata(key, original), wrapper)`.',
  };
}

/** Another decorator replaced a decorated method with a function that has no declaration. */
export function shadowedDecorator(place: string, written: WrittenDeclaration): CorsWarning {
  return {
    code: 'decorator-shadowed',
    targets: [place],
    message: `A decorator above ${decoratorName(written)} replaced the function and dropped its metadata. The CORS policy still applies, but guards, pipes and interceptors below that decorator may be lost.`,
    remedy: `Write \`${decoratorName(written)}\` above that decorator, and every other decorator that sets metadata too. To silence this: \`diagnostics: { silence: ['decorator-shadowed'] }\`.`,
  };
}

/** A handler without a declaration overrides a method that has one. A class decorator may have made the handler. */
export function overriddenDecorator(place: string, overridden: WrittenDeclaration): CorsWarning {
  const decorator = decoratorName(overridden);
  return {
    code: 'decorator-shadowed',
    targets: [place],
    message: `This method overrides ${placeLabel(overridden)}, which has ${decorator}. Decorators of a method do not apply to a method that overrides it, so the policy of the class applies here.`,
    remedy: `Write \`${decorator}\` on this method too, or \`@Cors()\` for the policy of the class. If a class decorator made the method, let it copy all metadata of the one that it overrides. To silence this: \`diagnostics: { silence: ['decorator-shadowed'] }\`.`,
  };
}

/** The first argument is not the name of a policy. */
export function missingPolicyName(place: string, policy: unknown, overrides: unknown): CorsProblem {
  return {
    code: 'option-type',
    targets: [place],
    value: policy,
    message: `the first argument of @Cors() is ${quoteValue(policy)} but must be the name of a policy (set at ${place}).`,
    remedy:
      overrides === undefined
        ? "Write the name of a policy of CorsModule, `@Cors('partners')`, options, `@Cors({ maxAge: 600 })`, or `@Cors()` for the policy of CorsModule."
        : "Write the name of a policy of CorsModule before the options, `@Cors('partners', { maxAge: 600 })`, or the options alone, `@Cors({ maxAge: 600 })`.",
  };
}

/** `@Cors('untouched')` has options. */
export function optionsOfUntouched(place: string, options: unknown): CorsProblem {
  return {
    code: 'policy-reserved',
    targets: [place],
    value: options,
    message: `\`@Cors('untouched', ...)\` has options, but they have no effect: nestjs-cors adds and removes nothing on an untouched route.`,
    remedy: "Write `@Cors('untouched')` to leave the route alone, or `@Cors({ ... })` with these options.",
  };
}
