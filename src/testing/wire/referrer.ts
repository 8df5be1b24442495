import { isCrossOrigin } from '../../browser/page-request.js';

/** https://w3c.github.io/webappsec-referrer-policy/#default-referrer-policy */
const DEFAULT_POLICY = 'strict-origin-when-cross-origin';

/** https://w3c.github.io/webappsec-referrer-policy/#referrer-policies */
export const REFERRER_POLICIES = Object.freeze([
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
] as const);

/**
 * The value of the `Referer` header; `undefined` if there is none.
 * @param referrer the URL of the page; empty for none
 * @param policy the referrer policy; empty for the default
 * @see https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
 */
export function refererHeader(referrer: string, policy: ReferrerPolicy, target: URL): string | undefined {
  if (referrer === '') {
    return undefined;
  }
  const source = new URL(referrer);
  const origin = `${source.origin}/`;
  const page = `${source.origin}${source.pathname}${source.search}`;
  const isForeign = isCrossOrigin(source.origin, target);
  // In the standard, `http://localhost` as target is no downgrade.
  const isDowngrade = source.protocol === 'https:' && target.protocol !== 'https:';
  switch (policy === '' ? DEFAULT_POLICY : policy) {
    case 'no-referrer':
      return undefined;
    case 'origin':
      return origin;
    case 'unsafe-url':
      return page;
    case 'strict-origin':
      return isDowngrade ? undefined : origin;
    case 'strict-origin-when-cross-origin':
      return isForeign ? (isDowngrade ? undefined : origin) : page;
    case 'same-origin':
      return isForeign ? undefined : page;
    case 'origin-when-cross-origin':
      return isForeign ? origin : page;
    default:
      return isDowngrade ? undefined : page;
  }
}

/**
 * The policy after a redirect: the last one in its `Referrer-Policy` that browsers know.
 * @see https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect
 */
export function redirectedPolicy(before: ReferrerPolicy, header: string | undefined): ReferrerPolicy {
  const known = (header ?? '')
    .split(',')
    .map((element) => element.trim().toLowerCase())
    .flatMap((text) => REFERRER_POLICIES.filter((policy) => policy === text));
  return known.at(-1) ?? before;
}
