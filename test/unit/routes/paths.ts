import fc from 'fast-check';
import { pathToRegexp } from 'path-to-regexp';

/** Segments of route paths in path-to-regexp's syntax: few, so that random paths meet. */
const PATTERN_SEGMENTS = [
  'users',
  'Users',
  'a',
  'b',
  'a.b',
  'semi;colon',
  'caf\u00e9',
  'sp%20ace',
  '\\*star',
  ':id',
  ':id',
  ':$name',
  ':"quoted name"',
  ':x-:y',
  'v:n',
  ':file.json',
  '*rest',
  '{a}b',
  'b{-:z}',
  'users{/:y}',
  'a{/:y}b',
  'a{/b}{/:y}',
  ':file.json{/a}',
  'b{/a{/:y}}',
  'b{/:y{-a}}',
];
const TAILS = ['', '', '', '/', '{/:maybe}', '{/a}', '{/a}b', '{/a{/:maybe}}', '/*end', '{/*end}', '{/}'];

/** Random paths of routes, in path-to-regexp's syntax. */
export const patterns: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.constantFrom(...PATTERN_SEGMENTS), { maxLength: 3 }), fc.constantFrom(...TAILS))
  .map(([segments, tail]) => {
    const path = `${segments.map((segment, at) => `/${unique(segment, at)}`).join('')}${tail}`;
    return path.startsWith('/') || path.startsWith('{/') ? path : `/${path}`;
  });

/** Random paths of requests, as they are on the wire: not decoded. */
export const requestPaths: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        'users',
        'Users',
        'a',
        'b',
        'ab',
        'b-1',
        'a.b',
        'semi;colon',
        'caf\u00e9',
        'sp%20ace',
        '*star',
        '1-2',
        'v1',
        'x.json',
        '%61',
        '',
      ),
      { maxLength: 5 },
    ),
    fc.constantFrom('', '', '/', '//'),
  )
  .map(([segments, tail]) => `/${segments.join('/')}${tail}`);

/** The settings with which Express's router matches one route. */
export interface RouterMatching {
  readonly sensitive: boolean;
  /** Whether a slash at the end of the path is optional. */
  readonly trailing: boolean;
}

/** Whether the router itself matches a path. */
export function matcherOf(pattern: string, { sensitive, trailing }: RouterMatching): (path: string) => boolean {
  const loose = trailing && pattern !== '/' ? pattern.replace(/\/+$/, '') : pattern;
  const { regexp } = pathToRegexp(loose, { sensitive, trailing, end: true });
  return (path) => regexp.test(path);
}

function unique(segment: string, at: number): string {
  return segment.replaceAll(/([:*])(\w+)/g, `$1$2${at}`);
}
