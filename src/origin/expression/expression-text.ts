/** The source and the flags of a regular expression. */
export interface WrittenExpression {
  readonly source: string;
  readonly flags: string;
}

const LONGEST_TEXT = 4096;
const DELIMITED = /^\/(?=[^/])(.*[^\\])\/([dgimsuvy]*)$/s;

/** Signs of an expression. None of them occurs in an origin, not even in one with mistakes. */
const SIGNS: readonly RegExp[] = [
  /^\^/,
  // Not an unfilled template: `https://${HOST}`.
  /\$$|\$(?=[)|])/,
  /\\[.\-:[\]()]/,
  /\\[dwsDWSb](?=[+*?{\-\]]|\\|$)/,
  // `https?://`
  /[a-z)\]]\?:/,
  /\|/,
  /\)[?*+{]/,
  /\(\?[:=!<]/,
  // `.+`, and `.*` where a star for a label would be alone.
  /\.\+/,
  /(?:^|[/(:^])\.\*/,
  /\][+*{]/,
  /\[\^/,
  /\[[^\]\s"':/.]*(?:a-z|A-Z|0-9)[^\]\s"':/]*\]/,
  /\[\.\]/,
  /\{\d+(?:,\d*)?\}/,
];

/**
 * Reads a text as a regular expression if it looks like one, with or without slashes around it. An origin with mistakes
 * does not.
 */
export function readExpressionText(text: string): WrittenExpression | undefined {
  if (text.length > LONGEST_TEXT) {
    return undefined;
  }
  const trimmed = text.trim();
  const quoted = /^(["'`])(.+)\1$/s.exec(trimmed);
  const written = quoted?.[2] ?? trimmed;
  const delimited = DELIMITED.exec(written);
  const body = delimited?.[1] ?? written;
  const isExpression = delimited === null ? hasSign(body) : hasSign(body) || body.includes('.');
  return isExpression ? { source: body, flags: delimited?.[2] ?? '' } : undefined;
}

function hasSign(text: string): boolean {
  // Windows paths and mistyped slashes contain `\\`.
  const plain = text.replace(/\\\\/g, '  ');
  return SIGNS.some((sign) => sign.test(plain));
}

/** The source and the flags of an expression, even if a subclass overrides them. Flags for a position are left out. */
export function readExpression(expression: RegExp): WrittenExpression {
  const slot = (name: 'source' | 'ignoreCase' | 'unicode' | 'unicodeSets'): unknown =>
    Object.getOwnPropertyDescriptor(RegExp.prototype, name)?.get?.call(expression);
  const flags = [slot('ignoreCase') ? 'i' : '', slot('unicode') ? 'u' : '', slot('unicodeSets') ? 'v' : ''];
  return { source: String(slot('source')), flags: flags.join('') };
}

/**
 * Restores the backslashes of a text that lost all of them (`'\d+'` is `'d+'` in JavaScript), and the dot before a star
 * that stands alone.
 *
 * @returns `undefined` if the result is not a valid expression
 */
export function restoreExpression({ source, flags }: WrittenExpression): WrittenExpression | undefined {
  const hasBackslash = /\\[^/]/.test(source);
  const backslashed = hasBackslash ? source : source.replace(/(^|[^a-z0-9[])([dw])(?=[+*{])/gi, '$1\\$2');
  const dotted = backslashed.replace(/(^|\/\/|[(|^])\*/g, '$1.*');
  try {
    return { source: new RegExp(dotted, flags).source, flags };
  } catch {
    return undefined;
  }
}
