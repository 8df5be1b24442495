import { pathToRegexp } from 'path-to-regexp';

/**
 * Whether a host name reaches a controller bound to `host`, compared as Nest's own host filter compares it.
 * @param host the controller's `host`: patterns, regular expressions, or a list of them
 */
export function hostMatcher(
  host: string | RegExp | readonly (string | RegExp)[] | undefined,
): ((hostname: string) => boolean) | undefined {
  if (host === undefined || host === '') {
    return undefined;
  }
  const expressions = (Array.isArray(host) ? host : [host]).map((one: string | RegExp) =>
    typeof one === 'string' ? pathToRegexp(one).regexp : one,
  );
  return (hostname) => expressions.some((expression) => hostname.match(expression) !== null);
}
