import { isLoopbackHost } from '../../origin/origin-hosts.js';
import { hasNestedQuantifiers } from '../../origin/regex-origin.js';
import { spelledHosts } from '../../origin/spelled-hosts.js';
import { copyRegExp, matchesWhole } from '../../origin/whole-regex.js';

/** The ways to write "http or https". */
const EITHER_SCHEME =
  /\((?:\?:)?(?:https\|http|http\|https)\)|http(?:s\?|\[s\]\?|\((?:\?:)?s\)\?|\((?:\?:)?(?:s\||\|s)\))/g;
/** The source of a host that is a loopback one, possibly with a part for subdomains before and a port after it. */
const LOOPBACK_SOURCE = /^(?:.*\\\.[)?*+]*)?[(?:]*(?:localhost|127\\?\.|\\\[::1\\?\])(?:\\d|[^a-z])*$/;
const MOST_WORDS = 8;
const SUBDOMAINS = Object.freeze(['a', 'app', 'www', 'app-1']);

/**
 * Whether a regular expression admits `http:` origins that leave the machine: one of its alternatives names the scheme
 * `http:` (or `https?:` and the like) with a host other than a loopback one, or a host that it names was tried with
 * `http:` and matched. Promises nothing about expressions that hide both scheme and host.
 */
export function admitsInsecureOrigins(regexp: RegExp): boolean {
  const copy = copyRegExp(regexp);
  return namesInsecureScheme(copy) || (!hasNestedQuantifiers(copy) && matchesInsecureOrigin(copy));
}

/** The source of the same expression for `https:` only, as far as its scheme is spelt out. */
export function securedSource(regexp: RegExp): string {
  return normalizedSource(regexp).replace(/(^|[\^(:|])https?\??(?=:)/g, '$1https');
}

function namesInsecureScheme(regexp: RegExp): boolean {
  let insecure = false;
  for (const alternative of normalizedSource(regexp).split('|')) {
    const scheme = /(?:^|[\^(:])(https?\??):(.*)$/.exec(alternative);
    // An alternative without a scheme goes on where the scheme before its group left off.
    insecure = scheme === null ? insecure : scheme[1] !== 'https';
    const host = (scheme?.[2] ?? alternative).replace(/^(?:\\?\/)*/, '');
    if (insecure && /[a-z.]/.test(host.replace(/\\d/g, '')) && !LOOPBACK_SOURCE.test(host)) {
      return true;
    }
  }
  return false;
}

function matchesInsecureOrigin(copy: RegExp): boolean {
  const words = spelledHosts(copy)
    .filter((word) => /[a-z]/.test(word))
    .slice(0, MOST_WORDS);
  for (const host of words.filter((word) => !isLoopbackHost(word))) {
    for (const name of [host, ...[...SUBDOMAINS, ...words].map((subdomain) => `${subdomain}.${host}`)]) {
      if (matchesWhole(copy, `http://${name}`) || matchesWhole(copy, `http://${name}:8080`)) {
        return true;
      }
    }
  }
  return false;
}

/** The source with one spelling for "http or https". */
function normalizedSource(regexp: RegExp): string {
  return copyRegExp(regexp).source.replace(EITHER_SCHEME, 'https?');
}
