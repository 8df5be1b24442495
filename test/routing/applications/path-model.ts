import type { Platform } from '../../support/start-app.js';

export type PlatformName = Platform['name'];

/** Text and parameters within one segment; `#` stands for a parameter. */
export const MIXED_FORMS = Object.freeze(['#-#', 'v#', '#.json', 'pre-#-post', '#,#'] as const);

/** One segment of a generated route's path, independent of the platform. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter' }
  | { readonly kind: 'mixed'; readonly form: (typeof MIXED_FORMS)[number] }
  /** Digits only, on Fastify. Express has no such parameter. */
  | { readonly kind: 'digits' }
  /** Only as the last segment. */
  | { readonly kind: 'wildcard' }
  /** Only as the last segment: an optional parameter. */
  | { readonly kind: 'optional' };

/** Literal segments of generated routes. Requests also use them as parameter values. */
export const LITERALS = Object.freeze([
  'users',
  'Users',
  'items',
  'a',
  'b',
  'me',
  'active',
  'file.json',
  'semi;colon',
  'caf\u00e9',
  'x-y',
  'v12',
]);

/** Writes a path in the syntax of the platform's router, with its own parameter names. */
export function routePath(segments: readonly Segment[], platform: PlatformName, prefix: string): string {
  let names = 0;
  const name = () => `:${prefix}${names++}`;
  let path = '';
  for (const segment of segments) {
    switch (segment.kind) {
      case 'literal':
        path += `/${segment.text}`;
        break;
      case 'parameter':
        path += `/${name()}`;
        break;
      case 'digits':
        path += platform === 'fastify' ? `/${name()}(^\\d+$)` : `/${name()}`;
        break;
      case 'mixed':
        path += `/${segment.form.replaceAll('#', name)}`;
        break;
      case 'wildcard':
        path += platform === 'fastify' ? '/*' : `/*${prefix}rest`;
        break;
      case 'optional':
        path += platform === 'fastify' ? `/${name()}?` : `{/${name()}}`;
        break;
    }
  }
  return path.replace(/^\//, '');
}

/** Writes a path as in a request, with values for its parameters. */
export function requestPath(segments: readonly Segment[], value: () => string): string {
  let path = '';
  for (const segment of segments) {
    switch (segment.kind) {
      case 'literal':
        path += `/${encodeURI(segment.text)}`;
        break;
      case 'mixed':
        path += `/${segment.form.replaceAll('#', value)}`;
        break;
      case 'digits':
        path += `/${value().length * 7}`;
        break;
      case 'wildcard':
        path += `/${value()}/${value()}`;
        break;
      default:
        path += `/${value()}`;
    }
  }
  return path;
}

/**
 * The paths that Fastify considers equal, because it rejects a duplicate. A path that ends in an optional parameter
 * has two.
 */
export function conflictPaths(segments: readonly Segment[]): string[] {
  const text = (list: readonly Segment[]) =>
    list
      .map((segment) => {
        switch (segment.kind) {
          case 'literal':
            return `/${segment.text.toLowerCase()}`;
          case 'mixed':
            return segment.form === '#,#' ? '/#' : `/${segment.form}`;
          case 'digits':
            return '/digits';
          case 'wildcard':
            return '/*';
          default:
            return '/#';
        }
      })
      .join('');
  return segments.at(-1)?.kind === 'optional' ? [text(segments), text(segments.slice(0, -1))] : [text(segments)];
}
