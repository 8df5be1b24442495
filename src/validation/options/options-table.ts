import type { ProblemCode } from '../problems/problem.js';

/** What one option accepts. */
export interface OptionRule {
  /** Completes "must be". */
  readonly must: string;
  /** A valid value, as source text. */
  readonly example: string;
  /**
   * Whether a value is valid. Left out where a later check decides: policy options are checked once they are merged,
   * because some are only wrong in combination.
   */
  readonly accepts?: (value: unknown) => boolean;
  /** Whether the value is options in their turn: it is handed out as it was written, for the reader of that place. */
  readonly nested?: true;
  /** The code of an explicit `undefined`. Without it `undefined` counts as not set. */
  readonly missing?: ProblemCode;
}

/** The options of one kind of place: which names exist, and what each accepts. */
export interface OptionsTable<Name extends string = string> {
  readonly rules: { readonly [name in Name]: OptionRule };
  /** The rule for all other names, where the user chooses the names. Without it other names are `option-unknown`. */
  readonly others?: OptionRule;
  /** Options that are valid at this place, as source text. */
  readonly example: string;
  /** Turns `timeout: 2000` into the code for this place, for example `resolver: { timeout: 2000 }`. */
  readonly write: (code: string) => string;
  /** A remedy for an unknown name, where there is a better one than the names that exist. */
  readonly unknown?: (name: string, value: unknown, copied: Readonly<Record<string, unknown>>) => string | undefined;
}

/** A copy of the options of one place. Frozen, without a prototype; an option that is not set is absent. */
export type CopiedOptions<Name extends string> = { readonly [name in Name]?: unknown };
