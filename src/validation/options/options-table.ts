import type { ProblemCode } from '../problems/problem.js';

/** The values that one option accepts. */
export interface OptionRule {
  /** Completes "must be". */
  readonly must: string;
  /** A valid value, as source text. */
  readonly example: string;
  /**
   * Whether a value is valid. Absent where a later check decides: `validatePolicy` checks policy options after merging,
   * because some are only wrong in combination.
   */
  readonly accepts?: (value: unknown) => boolean;
  /** Whether the value contains options itself. It is not copied, because the reader of that place copies it. */
  readonly nested?: true;
  /** The code for an explicit `undefined`. Without a code, `undefined` means not set. */
  readonly missing?: ProblemCode;
}

/** The options of one kind of place: their names, and what each accepts. */
export interface OptionsTable<Name extends string = string> {
  readonly rules: { readonly [name in Name]: OptionRule };
  /** The rule for all other names, where the user chooses the names. Without it other names are `option-unknown`. */
  readonly others?: OptionRule;
  /** Valid options for this place, as source text. */
  readonly example: string;
  /** Turns `timeout: 2000` into the code for this place, for example `resolver: { timeout: 2000 }`. */
  readonly write: (code: string) => string;
  /** A remedy for an unknown name, if there is a better one than the known names. */
  readonly unknown?: (name: string, value: unknown, copied: Readonly<Record<string, unknown>>) => string | undefined;
}

/** A copy of the options of one place. Frozen, without a prototype. An option that is not set is absent. */
export type CopiedOptions<Name extends string> = { readonly [name in Name]?: unknown };
