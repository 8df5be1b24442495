import type { CorsPolicyOptions, PolicyProperty } from '../../policy/policy-options.js';
import type { PolicySource } from '../../policy/policy-source.js';
import { type Correction, inWords, type PlacedPolicy, type RefusedRequest } from './correction.js';
import { isValid, writeOptions } from './placed-code.js';

const WITHOUT = 'Or let the page send none.';

/** The correction for a page that sends credentials to a policy without them. */
export function correctCredentials({ reason, origin = '', effective }: RefusedRequest): Correction {
  const isWildcard = reason === 'wildcard-with-credentials';
  const why = isWildcard
    ? 'The page sends credentials, and browsers do not accept `*` then.'
    : 'The page sends credentials, and the policy does not set `credentials: true`.';
  const needed = effective && optionsWithCredentials(effective.options, isWildcard ? origin : undefined);
  const place = effective && needed && innermost(effective, ['origin', 'credentials', 'exposedHeaders']);
  if (needed === undefined || place === undefined) {
    return inWords(
      why,
      'A policy with credentials cannot list `null`, http: origins and patterns below shared hosts. Let the page send none.',
    );
  }
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

/** The innermost place of some options: a value there applies. */
function innermost({ depths, sources }: PlacedPolicy, properties: readonly PolicyProperty[]): PolicySource | undefined {
  const set = properties.filter((property) => depths[property] !== undefined);
  const [first] = set.sort((one, other) => Number(depths[other]) - Number(depths[one]));
  return first && sources[first];
}
