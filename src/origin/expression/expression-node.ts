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
export interface CharacterNode {
  readonly kind: 'character';
  /** See `character-set.ts`. Empty where no origin has such a character. */
  readonly set: string;
  /** Whether it is an unescaped dot. */
  readonly dot: boolean;
  /** Whether it names upper-case letters, which no origin has. */
  readonly upperCase: boolean;
}

/** Something between `least` and `most` times. */
export interface RepeatNode {
  readonly kind: 'repeat';
  readonly item: ExpressionNode;
  readonly least: number;
  readonly most: number;
}
