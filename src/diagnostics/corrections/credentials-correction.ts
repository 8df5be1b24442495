import { compileOrigins } from '../../origin/compile-origins.js';
import type { CorsPolicyOptions, PolicyProperty } from '../../policy/policy-options.js';
import type { PolicySource } from '../../policy/policy-source.js';
import { correctedOrigin } from '../../validation/remedies/corrected-origin.js';
import { type Correction, inWords, type PlacedPolicy, type RefusedRequest } from './correction.js';
import { isValid, writeOptions } from './placed-code.js';

const WITHOUT = 'Or send the request without credentials.';

/** The correction for a page that sends credentials to a policy without them. */
export function correctCredentials({ reason, origin = '', effective }: RefusedRequest): Correction {
  const isWildcard = reason === 'wildcard-with-credentials';
  const why = isWildcard
    ? 'The page sends credentials, and browsers do not accept `*` then.'
    : 'The page sends credentials, and the policy does not set `credentials: true`.';
  const options = effective && optionsWithCredentials(effective.options, origin, isWildcard);
  const place = effective && options && innermost(effective, ['origin', 'credentials', 'exposedHeaders']);
  if (options === undefined || place === undefined) {
    return inWords(why, `No policy can allow them for this origin. ${WITHOUT.replace('Or send', 'Send')}`);
  }
  const { words, code } = writeOptions(options, place);
  const others = isWildcard ? ' List every other origin that needs access, too.' : '';
  return { why, text: `If the page needs them, ${words}.${others} ${WITHOUT}`, code, place };
}

/** The options that allow credentials for one origin; `undefined` if none do. Other options stay as they are. */
function optionsWithCredentials(
  options: CorsPolicyOptions,
  origin: string,
  isWildcard: boolean,
): CorsPolicyOptions | undefined {
  const { exposedHeaders, dangerouslyAllowInsecureOrigins } = options;
  const safety = { credentials: true, insecureAllowed: dangerouslyAllowInsecureOrigins === true };
  const needed: CorsPolicyOptions = {
    ...(isWildcard ? { origin } : {}),
    credentials: true,
    ...(exposedHeaders?.includes('*') ? { exposedHeaders: exposedHeaders.filter((name) => name !== '*') } : {}),
  };
  if (isValid({ ...options, ...needed })) {
    return needed;
  }
  // The list has `http:` origins or shared hosts, which cannot have credentials.
  const corrected = {
    ...needed,
    origin: correctedOrigin(needed.origin ?? options.origin, safety) as string | string[],
  };
  const origins = compileOrigins(corrected.origin);
  return origins.kind === 'static' && origins.allows(origin) && isValid({ ...options, ...corrected })
    ? corrected
    : undefined;
}

/** The innermost place of some options: a value there applies. */
function innermost({ depths, sources }: PlacedPolicy, properties: readonly PolicyProperty[]): PolicySource | undefined {
  const set = properties.filter((property) => depths[property] !== undefined);
  const [first] = set.sort((one, other) => Number(depths[other]) - Number(depths[one]));
  return first && sources[first];
}
