import { charactersOf, ORIGIN_CHARACTERS, union } from './character-set.js';

/** A parsed regular expression, as far as it concerns origins. */
export type ExpressionNode =
  | CharacterNode
  | { readonly kind: 'sequence'; readonly items: readonly ExpressionNode[] }
  | { readonly kind: 'choice'; readonly options: readonly ExpressionNode[] }
  | RepeatNode
  /** `^` and `$`. */
  | { readonly kind: 'start' | 'end' }
  /** `\b`. */
  | { readonly kind: 'boundary' }
  /** A lookaround or `\B`: patterns cannot say it. */
  | { readonly kind: 'assertion' };

/** One character out of a set. */
interface CharacterNode {
  readonly kind: 'character';
  /** See `character-set.ts`. Empty where no origin has such a character. */
  readonly set: string;
  /** Whether it is an unescaped dot. */
  readonly dot: boolean;
  /** Whether it names upper-case letters, which no origin has. */
  readonly upperCase: boolean;
}

/** Something between `least` and `most` times. */
interface RepeatNode {
  readonly kind: 'repeat';
  readonly item: ExpressionNode;
  readonly least: number;
  readonly most: number;
}

const LONGEST_SOURCE = 4000;
const DEEPEST = 40;

const QUANTIFIER = /(?:[*+?]|\{(\d+)(,(\d*))?\})\??/y;
const GROUP = /\((?:\?(?:(<?[=!])|<[^>]*>|[a-z-]*:))?/y;

/**
 * Parses the source of a regular expression. It is known to compile, so nothing is checked here.
 *
 * @returns `undefined` where the expression is too long or too deep, or refers to its own groups
 */
export function parseExpression(source: string, flags: string): ExpressionNode | undefined {
  return source.length > LONGEST_SOURCE ? undefined : new Parser(source, flags).parse();
}

class Parser {
  readonly #source: string;
  readonly #flags: string;
  readonly #nestedClasses: boolean;
  readonly #unicode: boolean;
  #index = 0;
  #depth = 0;
  #unreadable = false;

  constructor(source: string, flags: string) {
    this.#source = source;
    // The rest makes no difference to a single character.
    this.#flags = flags.replace(/[^iuv]/g, '');
    this.#nestedClasses = flags.includes('v');
    this.#unicode = /[uv]/.test(flags);
  }

  parse(): ExpressionNode | undefined {
    const node = this.#parseChoice();
    return this.#unreadable || this.#index < this.#source.length ? undefined : node;
  }

  #parseChoice(): ExpressionNode {
    const options = [this.#parseSequence()];
    while (this.#take('|')) {
      options.push(this.#parseSequence());
    }
    const [only] = options;
    if (options.length === 1 && only !== undefined) {
      return only;
    }
    const characters = options.filter(isPlainCharacter);
    return characters.length === options.length ? oneOf(characters) : { kind: 'choice', options };
  }

  #parseSequence(): ExpressionNode {
    const items: ExpressionNode[] = [];
    while (this.#index < this.#source.length && !'|)'.includes(this.#source.charAt(this.#index))) {
      items.push(this.#parseQuantified());
    }
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'sequence', items };
  }

  #parseQuantified(): ExpressionNode {
    const item = this.#parseAtom();
    const match = this.#match(QUANTIFIER);
    if (match === null) {
      return item;
    }
    const [text, least, comma, most] = match;
    if (least === undefined) {
      return {
        kind: 'repeat',
        item,
        least: text.startsWith('+') ? 1 : 0,
        most: text.startsWith('?') ? 1 : Number.POSITIVE_INFINITY,
      };
    }
    const atMost = comma === undefined ? Number(least) : most ? Number(most) : Number.POSITIVE_INFINITY;
    return { kind: 'repeat', item, least: Number(least), most: atMost };
  }

  #parseAtom(): ExpressionNode {
    const start = this.#index;
    const character = this.#source.charAt(start);
    if (character === '(') {
      return this.#parseGroup();
    }
    this.#index++;
    switch (character) {
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '.':
        return { kind: 'character', set: ORIGIN_CHARACTERS, dot: true, upperCase: false };
      case '[':
        this.#skipClass();
        return this.#characterFrom(start);
      case '\\':
        return this.#parseEscape(start);
      default:
        return this.#characterFrom(start);
    }
  }

  #parseGroup(): ExpressionNode {
    const lookaround = this.#match(GROUP)?.[1];
    if (++this.#depth > DEEPEST) {
      this.#unreadable = true;
      this.#index = this.#source.length;
    }
    const content = this.#parseChoice();
    this.#depth--;
    this.#take(')');
    return lookaround === undefined ? content : { kind: 'assertion' };
  }

  #parseEscape(start: number): ExpressionNode {
    const letter = this.#source.charAt(this.#index++);
    if (letter === 'b') {
      return { kind: 'boundary' };
    }
    if (letter === 'B') {
      return { kind: 'assertion' };
    }
    // A reference to a group, whose characters are not known here.
    if (/[1-9k]/.test(letter)) {
      this.#unreadable = true;
    }
    if (letter === 'c') {
      this.#match(/[a-z]/iy);
    }
    if (letter === 'x') {
      this.#match(/[\da-f]{2}/iy);
    }
    if (letter === 'u') {
      this.#match(this.#unicode ? /\{[\da-f]+\}|[\da-f]{4}/iy : /[\da-f]{4}/iy);
    }
    if (this.#unicode && /p/i.test(letter)) {
      this.#match(/\{[^}]*\}/y);
    }
    return this.#characterFrom(start);
  }

  /** The character, class or escape from `start` to the index. */
  #characterFrom(start: number): CharacterNode {
    const source = this.#source.slice(start, this.#index);
    // Alone, some characters would mean something else.
    const escaped = /^[{}\]/]$/.test(source) ? `\\${source}` : source;
    return { kind: 'character', ...charactersOf(escaped, this.#flags), dot: false };
  }

  #skipClass(): void {
    let depth = 1;
    while (depth > 0 && this.#index < this.#source.length) {
      const character = this.#source.charAt(this.#index++);
      if (character === '\\') {
        this.#index++;
      } else if (character === '[' && this.#nestedClasses) {
        depth++;
      } else if (character === ']') {
        depth--;
      }
    }
  }

  #take(character: string): boolean {
    if (this.#source.charAt(this.#index) !== character) {
      return false;
    }
    this.#index++;
    return true;
  }

  #match(expression: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(expression);
    sticky.lastIndex = this.#index;
    const match = sticky.exec(this.#source);
    if (match !== null) {
      this.#index = sticky.lastIndex;
    }
    return match;
  }
}

function isPlainCharacter(node: ExpressionNode): node is CharacterNode {
  return node.kind === 'character' && !node.dot;
}

function oneOf(nodes: readonly CharacterNode[]): CharacterNode {
  const set = union(...nodes.map((node) => node.set));
  return { kind: 'character', set, dot: false, upperCase: nodes.some((node) => node.upperCase) };
}
