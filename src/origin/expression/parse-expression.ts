import { type Branches, choiceOf, part, repetitionOf, sequenceOf } from './branches.js';
import { charactersOf, ORIGIN_CHARACTERS } from './character-set.js';

const LONGEST_SOURCE = 4000;
const DEEPEST = 40;

const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const GROUP = /\((?:\?(?:(<?[=!])|<[^>]*>|[a-z-]*:))?/y;
const CLOSING = /\)/y;
const BAR = /\|/y;

/** The characters that belong to an escape, after the backslash and its letter. */
const ESCAPED: Readonly<Record<string, RegExp>> = { c: /[a-z]/iy, x: /[\da-f]{2}/iy, u: /[\da-f]{4}/iy };
const ESCAPED_UNICODE: Readonly<Record<string, RegExp>> = {
  ...ESCAPED,
  u: /\{[\da-f]+\}|[\da-f]{4}/iy,
  p: /\{[^}]*\}/y,
  P: /\{[^}]*\}/y,
};

/**
 * Parses the source of a regular expression into its branches. It is known to compile, so nothing is checked here.
 *
 * @returns `undefined` where the expression is too long, too deep or has too many branches, or refers to its groups
 */
export function parseExpression(source: string, flags: string): Branches {
  return source.length > LONGEST_SOURCE ? undefined : new Parser(source, flags).parse();
}

class Parser {
  readonly #source: string;
  readonly #flags: string;
  readonly #escaped: typeof ESCAPED;
  #index = 0;
  #depth = 0;
  #isReadable = true;

  constructor(source: string, flags: string) {
    this.#source = source;
    // The other flags make no difference to a single character.
    this.#flags = flags.replace(/[^iuv]/g, '');
    this.#escaped = /[uv]/.test(flags) ? ESCAPED_UNICODE : ESCAPED;
  }

  parse(): Branches {
    const branches = this.#parseChoice();
    return this.#isReadable && this.#index >= this.#source.length ? branches : undefined;
  }

  #parseChoice(): Branches {
    const options = [this.#parseSequence()];
    while (this.#match(BAR)) {
      options.push(this.#parseSequence());
    }
    return choiceOf(options);
  }

  #parseSequence(): Branches {
    const items: Branches[] = [];
    while (this.#index < this.#source.length && !'|)'.includes(this.#source.charAt(this.#index))) {
      items.push(this.#parseQuantified());
    }
    return sequenceOf(items);
  }

  #parseQuantified(): Branches {
    const item = this.#parseAtom();
    const match = this.#match(QUANTIFIER);
    if (match === null) {
      return item;
    }
    const [, sign, least, comma, most] = match;
    if (sign !== undefined) {
      return repetitionOf(item, sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY);
    }
    const atMost = comma === undefined ? least : most || Number.POSITIVE_INFINITY;
    return repetitionOf(item, Number(least), Number(atMost));
  }

  #parseAtom(): Branches {
    const start = this.#index;
    const character = this.#source.charAt(start);
    if (character === '(') {
      return this.#parseGroup();
    }
    this.#index++;
    if (character === '^') {
      return [[{ kind: 'start' }]];
    }
    if (character === '$') {
      return [[{ kind: 'end' }]];
    }
    if (character === '.') {
      return [[part(ORIGIN_CHARACTERS, 1, 1, { dot: true })]];
    }
    if (character === '\\') {
      return this.#parseEscape(start);
    }
    if (character === '[') {
      this.#skipClass();
    }
    return this.#characterFrom(start);
  }

  #parseGroup(): Branches {
    const lookaround = this.#match(GROUP)?.[1];
    if (++this.#depth > DEEPEST) {
      this.#isReadable = false;
      this.#index = this.#source.length;
    }
    const content = this.#parseChoice();
    this.#depth--;
    this.#match(CLOSING);
    return lookaround === undefined ? content : [[{ kind: 'assertion' }]];
  }

  #parseEscape(start: number): Branches {
    const letter = this.#source.charAt(this.#index++);
    if (letter === 'b') {
      return [[{ kind: 'boundary' }]];
    }
    if (letter === 'B') {
      return [[{ kind: 'assertion' }]];
    }
    // A reference to a group, whose characters are not known here.
    if (/[1-9k]/.test(letter)) {
      this.#isReadable = false;
      return undefined;
    }
    const rest = this.#escaped[letter];
    if (rest !== undefined) {
      this.#match(rest);
    }
    return this.#characterFrom(start);
  }

  /** The character, class or escape from `start` to the index. */
  #characterFrom(start: number): Branches {
    const source = this.#source.slice(start, this.#index);
    // Alone, these characters would mean something else.
    const escaped = /^[{}\]/]$/.test(source) ? `\\${source}` : source;
    const { set, upperCase } = charactersOf(escaped, this.#flags);
    return [[part(set, 1, 1, { upperCase })]];
  }

  #skipClass(): void {
    const nests = this.#flags.includes('v');
    let depth = 1;
    while (depth > 0 && this.#index < this.#source.length) {
      const character = this.#source.charAt(this.#index++);
      if (character === '\\') {
        this.#index++;
      } else if (character === '[' && nests) {
        depth++;
      } else if (character === ']') {
        depth--;
      }
    }
  }

  #match(expression: RegExp): RegExpExecArray | null {
    // A copy, because an expression at module level must not keep a position.
    const sticky = new RegExp(expression);
    sticky.lastIndex = this.#index;
    const match = sticky.exec(this.#source);
    if (match !== null) {
      this.#index = sticky.lastIndex;
    }
    return match;
  }
}
