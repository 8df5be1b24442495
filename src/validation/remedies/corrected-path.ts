/** A segment that no plain path has: a parameter, a wildcard, or a character that needs an encoding. */
const NOT_PLAIN = /[*:{}()%]|[^\x21-\x7e]/;

/** The plain path that an entry of `paths` most likely means: always a valid one, which covers everything meant. */
export function correctedPath(path: string): string {
  const withoutServer = path.replace(/^[a-z]+:\/\/[^/]*/i, '');
  const segments: string[] = [];
  for (const segment of (withoutServer.split(/[?#]/, 1)[0] as string).split(/[\\/]/)) {
    if (NOT_PLAIN.test(segment)) {
      break;
    }
    if (segment === '..') {
      segments.pop();
    } else if (segment !== '' && segment !== '.') {
      segments.push(segment);
    }
  }
  return `/${segments.join('/')}`;
}
