/** A part of a route's path between two slashes. */
export type PathSegment =
  /** Text that is compared as it stands. */
  | { readonly kind: 'literal'; readonly text: string }
  /** One whole `:name`: any one segment that is not empty. */
  | { readonly kind: 'parameter' }
  /** Anything else (wildcards, groups, text mixed with parameters): this and all that follows. */
  | { readonly kind: 'rest' };

const PARAMETER = /^:[A-Za-z_$][\w$]*$/;
/** Visible ASCII without the characters that mean something in some router's paths: {}()[]+?!:*\ */
const LITERAL = /^[\x22-\x27,-9;->@-Z^-z|~]+$/;

const PARAMETER_SEGMENT: PathSegment = Object.freeze({ kind: 'parameter' });
const REST_SEGMENT: PathSegment = Object.freeze({ kind: 'rest' });

/**
 * Splits a route's path for indexing, never narrower than any router reads it: what is not plainly a literal or one
 * whole parameter counts as "anything from here on".
 */
export function pathSegments(path: string): PathSegment[] {
  const segments: PathSegment[] = [];
  const trimmed = trimSlashes(path);
  if (trimmed === '') {
    return segments;
  }
  for (const text of trimmed.slice(1).split('/')) {
    if (LITERAL.test(text)) {
      segments.push({ kind: 'literal', text });
    } else if (PARAMETER.test(text)) {
      segments.push(PARAMETER_SEGMENT);
    } else {
      segments.push(REST_SEGMENT);
      break;
    }
  }
  return segments;
}

/** The part of a route's path that every URL of it begins with, as whole segments: `/files` of `/files/:id`. */
export function literalPrefix(path: string): string {
  const segments = pathSegments(path);
  const end = segments.findIndex(({ kind }) => kind !== 'literal');
  const literals = end === -1 ? segments : segments.slice(0, end);
  return literals.map((segment) => `/${segment.kind === 'literal' ? segment.text : ''}`).join('');
}

/** Takes the slashes off the end of a path: `/` becomes the empty text. */
export function trimSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path.charCodeAt(end - 1) === 0x2f) {
    end--;
  }
  return end === path.length ? path : path.slice(0, end);
}
