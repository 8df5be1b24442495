import { type NearMiss, nearMiss, type OriginDifference } from '../../origin/near-miss.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import { sourceText } from '../../validation/problems/source-text.js';
import { type Correction, inWords, type RefusedRequest } from './correction.js';
import { addToList, isValid } from './placed-code.js';

const DIFFERENCES: Readonly<Record<Exclude<OriginDifference, 'subdomain'>, string>> = Object.freeze({
  'trailing slash': 'its trailing slash',
  case: 'upper and lower case',
  scheme: 'its scheme',
  port: 'its port',
  www: '`www`',
});

/** The correction for an origin that the policy does not allow. */
export function correctOrigin({ policy: { origins }, origin = '', target, effective }: RefusedRequest): Correction {
  if (origins?.kind === 'predicate') {
    const why = `\`origin\` is ${quoteValue(origins.predicate)}, and it did not return \`true\` for this origin.`;
    return inWords(why, 'If the page should have access, correct the function. If it failed, the log says why.');
  }
  if (origins?.kind === 'resolver') {
    const why = `\`origin\` is ${quoteValue(origins.resolver)}, and resolve() did not return \`true\` for this origin.`;
    return inWords(why, 'If the page should have access, correct the resolver. If it failed, the log says why.');
  }
  const near = origins && nearMiss(origins, origin);
  const why = `\`origin\` does not list this origin.${near === undefined ? '' : ` ${differenceText(near)}`}`;
  const place = effective?.sources.origin;
  if (effective?.options.origin === undefined || place === undefined) {
    return inWords(why, 'If the page should have access, add its origin to `origin`.');
  }
  const { credentials, dangerouslyAllowInsecureOrigins } = effective.options;
  if (!isValid({ origin, credentials, dangerouslyAllowInsecureOrigins })) {
    return inWords(why, unlistable(origin));
  }
  const listed = [effective.options.origin].flat() as string[];
  // Handlers with credentials that inherit the list do not boot with an http: origin in it.
  const onlyFor = isValid({ origin, credentials: true }) ? undefined : target;
  const { words, ...change } = addToList('origin', listed, [origin], place, effective, onlyFor);
  const access = credentials === true ? 'access with credentials' : 'access';
  return { why, text: `If the page should have ${access}, ${words}.`, ...change };
}

/** The correction for an Origin header that browsers do not send. */
export function correctMalformedOrigin({ policy: { origins }, origin = '' }: RefusedRequest): Correction {
  const near = origins && nearMiss(origins, origin);
  return near === undefined
    ? inWords(
        'It does not have the form `scheme://host` or `scheme://host:port` (http and https: lower case, no default port, no dot at the end).',
        'Most often a tool or a proxy sent it: correct it there. Browsers send `file://` for some local files, and a dot at the end if the address of the page has one: open the page under another address.',
      )
    : inWords(
        differenceText(near),
        `Most often a tool or a proxy sent it: send \`${originMeant(origin, near)}\` there.`,
      );
}

/** What a policy cannot list, although the origin is well-formed. */
function unlistable(origin: string): string {
  return isValid({ origin })
    ? 'A policy with `credentials: true` cannot list an http: origin: serve the page over https:.'
    : 'No policy can list it: open the page under another address.';
}

/** The origin as browsers send it. The near miss may be a pattern. */
function originMeant(origin: string, { differsIn, origin: allowed }: NearMiss): string {
  switch (differsIn) {
    case 'case':
      return origin.toLowerCase();
    case 'trailing slash':
      return origin.slice(0, -1);
    default:
      return allowed;
  }
}

function differenceText({ origin, differsIn }: NearMiss): string {
  if (differsIn === 'subdomain') {
    return `The nearest allowed origin is ${sourceText(origin)}.`;
  }
  return `It differs from the allowed ${sourceText(origin)} only in ${DIFFERENCES[differsIn]}.`;
}
