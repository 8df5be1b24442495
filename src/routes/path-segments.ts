/** A part of a route's path between two slashes: {@link PARAMETER}, {@link REST}, or text that is compared as it stands. */
export type PathSegment = string;

/** Text with `:name` in it: any one segment that is not empty. */
export const PARAMETER: PathSegment = ':';
/** Anything else, such as wildcards: this and all that follows. */
export const REST: PathSegment = '*';

/** Visible ASCII without the characters that mean something in some router's paths: {}()[]+?!:*\ */
const LITERAL = /^[\x22-\x27,-9;->@-Z^-z|~]+$/;
const WITH_PARAMETERS = /^(?:[\x22-\x27,-9;->@-Z^-z|~]|:[A-Za-z_$])+$/;
/** Optional groups of whole segments, up to the end of the path or to a slash: `{/:id}` of `/users{/:id}`. */
const OPTIONAL_SEGMENTS = /(?<=[^/])(?:\{\/[^{}]*\})+(?:\/.*)?$/;

/**
 * Splits a route's path for indexing, never narrower than any router reads it: what is not plainly text with or without
 * parameters counts as "anything from here on".
 */
export function pathSegments(path: string): PathSegment[] {
  const segments = trimSlashes(path).replace(OPTIONAL_SEGMENTS, '/*').split('/');
  if (segments.shift() !== '') {
    return [REST]; // no slash comes first: an optional group
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

/** The part of a route's path that every URL of it begins with, as whole segments: `/files` of `/files/:id`. */
export function literalPrefix(path: string): string {
  const segments = pathSegments(path);
  const end = segments.findIndex((segment) => segment === PARAMETER || segment === REST);
  return (end === -1 ? segments : segments.slice(0, end)).map((text) => `/${text}`).join('');
}

/** Takes the slashes off the end of a path: `/` becomes the empty text. */
export function trimSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path.charCodeAt(end - 1) === 0x2f) {
    end--;
  }
  return end === path.length ? path : path.slice(0, end);
}
