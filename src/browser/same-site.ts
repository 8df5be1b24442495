import { endsInNumber } from '../origin/grammar/origin-hosts.js';
import { isEffectiveTopLevel } from '../origin/pattern/shared-hosts.js';
import { isCrossOrigin, parseUrl } from './page-request.js';

/** What browsers send as `Sec-Fetch-Site`. */
export type SiteRelation = 'same-origin' | 'same-site' | 'cross-site';

/**
 * How a page is related to a URL. A site is a scheme and a registrable domain, so `http:` and `https:` are two sites.
 * Ports make no difference.
 * @param origin the origin of a page. `null` is cross-site to every URL.
 * @see https://html.spec.whatwg.org/#same-site
 */
export function sameSiteRelation(origin: string, url: URL): SiteRelation {
  if (!isCrossOrigin(origin, url)) {
    return 'same-origin';
  }
  const page = parseUrl(origin);
  const sameSite = page?.protocol === url.protocol && siteHost(page.hostname) === siteHost(url.hostname);
  return sameSite ? 'same-site' : 'cross-site';
}

/** The host that stands for the site of a host: its registrable domain, or the host itself if it has none. */
export function siteHost(hostname: string): string {
  return registrableDomain(hostname) ?? hostname;
}

/**
 * The part of a host name that an owner registers: one label and the public suffix after it. `undefined` for IP
 * addresses, single labels such as `localhost`, and public suffixes. Knows only the common public suffixes: browsers use
 * the whole list, which is large and changes every week.
 * @see https://url.spec.whatwg.org/#host-registrable-domain
 */
export function registrableDomain(hostname: string): string | undefined {
  if (endsInNumber(hostname)) {
    return undefined;
  }
  // For browsers, `example.com.` is another site than `example.com`.
  const end = hostname.endsWith('.') ? '.' : '';
  const labels = hostname.slice(0, hostname.length - end.length).split('.');
  const last = labels.length - 1;
  const suffix = labels.findIndex((_, index) => index === last || isEffectiveTopLevel(labels.slice(index).join('.')));
  return suffix === 0 ? undefined : labels.slice(suffix - 1).join('.') + end;
}
