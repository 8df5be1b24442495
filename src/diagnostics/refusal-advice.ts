import type { CorsReason } from '../policy/decision.js';
import type { PolicySource } from '../policy/policy-source.js';
import { isPathTarget, isUnknownRoute } from '../policy/policy-source.js';

/**
 * The fix for a refusal, for the developer who reads the log. Each text must be true for every request with its reason:
 * also for unusual requests of pages, and for clients that are not browsers.
 */
const ADVICE: Readonly<Partial<Record<CorsReason, string>>> = Object.freeze({
  'origin-not-allowed':
    'add the origin to `origin` if it should have access; where a predicate or resolver decides, it must return true',
  'origin-null':
    "only `origin: '*'` allows `null`. Sandboxed frames, local files and requests that were redirected to a second host send it. So do form posts under Referrer-Policy: no-referrer: use strict-origin-when-cross-origin",
  'origin-malformed':
    'it does not have the form `scheme://host` or `scheme://host:port` (http and https: lower case, no default port, no dot at the end). Most often a tool or a proxy sent it. Browsers send `file://` for some local files, and a dot at the end if the address of the page has one: open the page under another address',
  'origin-undecided':
    'the predicate or resolver of this policy was not called. Most often middleware led the request to another handler',
  'method-not-allowed': 'add the method to `methods` if it should be allowed',
  'method-malformed':
    'no policy can allow it: it is empty, forbidden, not in the upper case that browsers send, or longer than 64 characters. Most often a tool sent it',
  'method-unknown':
    'Node.js accepts no request with this method. Methods are case-sensitive: write a standard one in upper case in the page, for example `PATCH`',
  'header-not-allowed': 'add the missing names to `allowedHeaders` if scripts should send them',
  'headers-malformed':
    'the list has more than 1,024 characters, 64 names or 16 empty elements, or a character that no header name has. Send fewer headers, or correct the tool that wrote it',
  'path-ambiguous':
    'the path has another reading, to which another policy applies (see `paths`): write it without dot segments, doubled slashes, backslashes and encodings, in the case of the entry',
  'no-policy':
    'the route is untouched: no level sets an `origin`, or the policy is `untouched`. To open it, set `origin` with @Cors({ origin }), in CorsModule.forRoot() or in the entry of `paths`',
});

/** The fix for a refusal by the policy of a target; `undefined` if there is nothing to fix. */
export function refusalAdvice(reason: CorsReason, target: PolicySource): string | undefined {
  return reason === 'disabled' ? disabledBy(target) : ADVICE[reason];
}

function disabledBy(target: PolicySource): string {
  if (isPathTarget(target)) {
    return '`policy: false` in this entry of `paths` refuses other origins';
  }
  return isUnknownRoute(target)
    ? 'no policy could be found, so other origins are refused: the route was not known at boot, or an error was thrown while its policy was looked up'
    : '@DisableCors() on this handler or its class refuses other origins';
}
