import type { CompiledPolicy } from '../../policy/compiled-policy.js';
import { checkOrigin } from '../../policy/decide.js';
import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import { isPathTarget, isUnknownRoute, MODULE_TARGET } from '../../policy/policy-source.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import { type Correction, inWords, type RefusedRequest } from './correction.js';
import { isValid, optionsCode } from './placed-code.js';

/** The correction for a route that is disabled. */
export function correctDisabled(refused: RefusedRequest): Correction {
  const { target, effective } = refused;
  if (isPathTarget(target)) {
    return openPath(refused, '`policy: false` in this entry of `paths` refuses other origins.');
  }
  if (isUnknownRoute(target) || effective === undefined) {
    return inWords(
      'No policy could be found, so other origins are refused: the route was not known at boot, or an error was thrown while its policy was looked up.',
      'Look for the error, or for the plugin that added the route.',
    );
  }
  const decorated = effective.withoutOriginAt ?? target;
  const where = decorated === target ? 'in its place' : `on ${target}`;
  return openHandler(refused, `@DisableCors() on ${decorated} refuses other origins.`, where);
}

/** The correction for a route that is untouched. */
export function correctUntouched(refused: RefusedRequest): Correction {
  const { target, policy, effective } = refused;
  if (isPathTarget(target)) {
    return openPath(refused, "`policy: 'untouched'` in this entry of `paths` leaves CORS to other code.");
  }
  if (policy.untouchedByChoice) {
    const decorated = effective?.withoutOriginAt ?? target;
    const where = decorated === target ? 'in its place' : `on ${target}`;
    return openHandler(refused, `@Cors('untouched') on ${decorated} leaves CORS to other code.`, where);
  }
  return target === MODULE_TARGET
    ? inWords(
        'No handler serves this method and path, and CorsModule sets no `origin`.',
        'Check both. If other code serves them, add an entry of `paths` with an `origin`.',
      )
    : openHandler(refused, 'No level sets an `origin`, so the route is untouched.', `on ${target}`);
}

function openPath({ target, origin = '' }: RefusedRequest, why: string): Correction {
  const options = optionsFor(origin);
  const code = options && `policy: { ${optionsCode(options)} }`;
  const change = code === undefined ? 'give it a policy with an `origin`' : `write \`${code}\``;
  return { why, text: `If the page should have access, ${change} in ${target}.`, code, options, place: target };
}

function openHandler({ target, origin = '', applicationWide }: RefusedRequest, why: string, where: string): Correction {
  const options = mayAllow(applicationWide, origin) ? {} : optionsFor(origin);
  const code = options && `@Cors(${'origin' in options ? `{ ${optionsCode(options)} }` : ''})`;
  const change = code === undefined ? 'write @Cors() with an `origin`' : `write \`${code}\``;
  const note = options === undefined || 'origin' in options ? '' : noteOfCheck(applicationWide);
  return { why, text: `If the page should have access, ${change} ${where}.${note}`, code, options, place: target };
}

/** Whether a policy allows an origin, as far as its predicate or resolver was not called. */
function mayAllow(policy: CompiledPolicy, origin: string): boolean {
  return policy.state === 'open' && (policy.anyOrigin || checkOrigin(policy, origin, true) === 'allowed');
}

/** What decides about the origin, if the handler inherits a predicate or resolver. */
function noteOfCheck({ origins }: CompiledPolicy): string {
  switch (origins?.kind) {
    case 'predicate':
      return ` Then the \`origin\` of CorsModule decides: ${quoteValue(origins.predicate)}.`;
    case 'resolver':
      return ` Then the \`origin\` of CorsModule decides: ${quoteValue(origins.resolver)}.`;
    default:
      return '';
  }
}

/** The option that allows one origin; `undefined` where a policy that inherits `credentials: true` cannot list it. */
function optionsFor(origin: string): CorsPolicyOptions | undefined {
  return isValid({ origin, credentials: true }) ? { origin } : undefined;
}
