/** A part of a route's path between two slashes: {@link PARAMETER}, {@link REST}, or literal text. */
export type PathSegment = string;

/** Text with `:name` in it. It matches any segment that is not empty. */
export const PARAMETER: PathSegment = ':';
/** Anything else, for example a wildcard. It matches this segment and all after it. */
export const REST: PathSegment = '*';

/** Visible ASCII without the characters that have a meaning in the paths of some router: {}()[]+?!:*\ */
const LITERAL = /^[\x22-\x27,-9;->@-Z^-z|~]+$/;
const WITH_PARAMETERS = /^(?:[\x22-\x27,-9;->@-Z^-z|~]|:[A-Za-z_$])+$/;
/** Optional groups of whole segments, up to the end of the path or to a slash: `{/:id}` of `/users{/:id}`. */
const OPTIONAL_SEGMENTS = /(?<=[^/])(?:\{\/[^{}]*\})+(?:\/.*)?$/;

/**
 * Splits a route's path for the tree. The segments match every URL that some router matches: a segment that is not
 * text, with or without parameters, counts as {@link REST}.
 */
export function pathSegments(path: string): PathSegment[] {
  const segments = trimSlashes(path).replace(OPTIONAL_SEGMENTS, '/*').split('/');
  if (segments.shift() !== '') {
    return [REST]; // it starts with an optional group
  }
  for (let at = 0; at < segments.length; at++) {
    const text = segments[at] as string;
    if (LITERAL.test(text)) {
      continue;
    }
    if (!WITH_PARAMETERS.test(text)) {
      segments[at] = REST;
      segments.length = at + 1;
      break;
    }
    segments[at] = PARAMETER;
  }
  return segments;
}

/** The whole segments that every URL of a route begins with: `/files` of `/files/:id`. */
export function literalPrefix(path: string): string {
  const segments = pathSegments(path);
  const end = segments.findIndex((segment) => segment === PARAMETER || segment === REST);
  return (end === -1 ? segments : segments.slice(0, end)).map((text) => `/${text}`).join('');
}

/** A path without the slashes at its end: `/` becomes the empty text. */
export function trimSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path.charCodeAt(end - 1) === 0x2f) {
    end--;
  }
  return end === path.length ? path : path.slice(0, end);
}
