import type { CorsPolicyOptions } from '../../policy/policy-options.js';
import { type Correction, inWords, type PlacedPolicy, type RefusedRequest } from './correction.js';
import { isValid, writeForTarget } from './placed-code.js';

const WITHOUT = 'Otherwise remove `credentials` or `withCredentials` from its request.';

/** The correction for a page that sends credentials to a policy without them. */
export function correctCredentials({ reason, origin = '', target, effective }: RefusedRequest): Correction {
  const isWildcard = reason === 'wildcard-with-credentials';
  const why = isWildcard
    ? 'The page sends credentials, and browsers do not accept `*` then.'
    : 'The page sends credentials, and the policy does not set `credentials: true`.';
  if (effective === undefined) {
    return inWords(why, `If the page needs them, set \`credentials: true\`. ${WITHOUT}`);
  }
  const needed = optionsWithCredentials(effective.options, isWildcard ? origin : undefined);
  if (needed === undefined) {
    return inWords(
      why,
      "A policy with credentials cannot list `null`, malformed origins, http: origins and patterns below shared hosts. Remove `credentials: 'include'` or `withCredentials` from the page.",
    );
  }
  const { words, ...change } = writeForTarget(needed, target, effective.sources.origin);
  const others = isWildcard ? ' List every other origin that needs access, too.' : '';
  return { why, text: `If the page needs them, ${words}.${others}${noteOfHeaders(effective)} ${WITHOUT}`, ...change };
}

/** With credentials, `*` covers this header too, as in the standard. */
function noteOfHeaders({ options: { allowedHeaders = [] } }: PlacedPolicy): string {
  const names = allowedHeaders.map((name) => name.toLowerCase());
  return names.includes('*') && !names.includes('authorization')
    ? ' `*` in `allowedHeaders` then allows `authorization` too.'
    : '';
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
