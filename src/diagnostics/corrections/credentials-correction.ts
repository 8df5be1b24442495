import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import { MODULE_TARGET } from '../../policy/policy-source.js';
import { type Correction, inWords, type RefusedRequest } from './correction.js';
import { isValid, ownPlace, writeOptions } from './placed-code.js';

const WITHOUT = 'Or let the page send none.';

/** The correction for a page that sends credentials to a policy without them. */
export function correctCredentials({ reason, origin = '', target, effective }: RefusedRequest): Correction {
  const isWildcard = reason === 'wildcard-with-credentials';
  const why = isWildcard
    ? 'The page sends credentials, and browsers do not accept `*` then.'
    : 'The page sends credentials, and the policy does not set `credentials: true`.';
  const needed = effective && optionsWithCredentials(effective.options, isWildcard ? origin : undefined);
  if (effective === undefined || needed === undefined) {
    return inWords(
      why,
      'A policy with credentials cannot list `null`, http: origins and patterns below shared hosts. Let the page send none.',
    );
  }
  if (target === MODULE_TARGET) {
    return inWords(why, 'No handler serves this request: correct its method and path, or let the page send none.');
  }
  const place = ownPlace(target, effective);
  const { words, code } = writeOptions(needed, place);
  const others = isWildcard ? ' List every other origin that needs access, too.' : '';
  return { why, text: `If the page needs them, ${words}.${others} ${WITHOUT}`, code, place };
}

/** The options that allow credentials, for one origin instead of `*`; `undefined` if they would not boot. */
function optionsWithCredentials(options: CorsPolicyOptions, origin: string | undefined): CorsPolicyOptions | undefined {
  const { exposedHeaders } = options;
  const needed: CorsPolicyOptions = {
    ...(origin === undefined ? {} : { origin }),
    credentials: true,
    // Browsers read `*` as a header name then.
    ...(exposedHeaders?.includes('*') ? { exposedHeaders: exposedHeaders.filter((name) => name !== '*') } : {}),
  };
  return isValid({ ...options, ...needed }) ? needed : undefined;
}
