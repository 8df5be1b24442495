import { type CorsPolicyOptions, POLICY_PROPERTIES } from '../policy/policy-options.js';

/**
 * Numbers the levels of one boot: equal for levels that set the same values, wherever they are written. Thousands of
 * handlers rarely mean thousands of policies.
 */
export class LevelIdentities {
  readonly #byOptions = new Map<object, number>();
  readonly #byContent = new Map<string, number>();
  readonly #references = new Map<unknown, number>();

  /** The number of a level's options, which are frozen and not checked yet. */
  of(options: CorsPolicyOptions): number {
    let identity = this.#byOptions.get(options);
    if (identity === undefined) {
      const content = this.#contentOf(options);
      identity = this.#byContent.get(content) ?? this.#byContent.size;
      this.#byContent.set(content, identity);
      this.#byOptions.set(options, identity);
    }
    return identity;
  }

  #contentOf(options: CorsPolicyOptions): string {
    const parts: unknown[] = [];
    for (const property of POLICY_PROPERTIES) {
      if (Object.hasOwn(options, property)) {
        parts.push(property, this.#written(options[property]));
      }
    }
    return JSON.stringify(parts);
  }

  /** A form that JSON keeps apart: texts, finite numbers and truth values as they are, everything else by identity. */
  #written(value: unknown): unknown {
    if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((element) => this.#written(element));
    }
    let reference = this.#references.get(value);
    if (reference === undefined) {
      reference = this.#references.size;
      this.#references.set(value, reference);
    }
    return { reference };
  }
}
