import { pathToRegexp } from 'path-to-regexp';

/**
 * Compares host names with the `host` of a controller, as Nest's own host filter does.
 *
 * @param host patterns, regular expressions, or a list of them
 */
export function hostFilter(
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
