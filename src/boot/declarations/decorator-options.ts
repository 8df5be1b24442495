import type { Interner } from '../../policy/interner.js';
import { type CorsPolicyOptions, POLICY_PROPERTIES } from '../../policy/policy-options.js';
import { copyOptions } from '../../validation/options/copy-options.js';
import { DECORATOR_TABLE } from '../../validation/options/policy-table.js';
import type { CorsProblem } from '../../validation/problems/problem.js';

/**
 * Reads the options of decorators. Options with equal content become one object, because thousands of handlers rarely
 * have thousands of policies.
 */
export class DecoratorOptions {
  readonly #byArgument = new Map<unknown, CorsPolicyOptions>();
  readonly #byContent = new Map<string, CorsPolicyOptions>();
  readonly #interner: Interner;
  readonly #problems: CorsProblem[];

  constructor(interner: Interner, problems: CorsProblem[]) {
    this.#interner = interner;
    this.#problems = problems;
  }

  /**
   * A frozen copy of the options. Mistakes go to `problems`, once for each place.
   *
   * @param argument what the decorator was called with
   */
  read(argument: unknown, place: string): CorsPolicyOptions {
    const known = this.#byArgument.get(argument);
    if (known !== undefined) {
      return known;
    }
    const before = this.#problems.length;
    const copy = copyOptions(argument, DECORATOR_TABLE, { target: place }, this.#problems) as CorsPolicyOptions;
    return this.#problems.length === before ? this.#share(argument, copy) : copy;
  }

  #share(argument: unknown, copy: CorsPolicyOptions): CorsPolicyOptions {
    const content = contentOf(copy, this.#interner);
    const shared = this.#byContent.get(content) ?? copy;
    this.#byContent.set(content, shared);
    this.#byArgument.set(argument, shared);
    return shared;
  }
}

/** A text that is equal for options that set the same values. */
export function contentOf(options: CorsPolicyOptions, interner: Interner): string {
  const parts: unknown[] = [];
  for (const property of POLICY_PROPERTIES) {
    if (Object.hasOwn(options, property)) {
      parts.push(property, jsonForm(options[property], interner));
    }
  }
  return JSON.stringify(parts);
}

/** JSON cannot tell functions, `NaN` or `null` apart: they are numbered. */
function jsonForm(value: unknown, interner: Interner): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
    return value;
  }
  return Array.isArray(value)
    ? value.map((element) => jsonForm(element, interner))
    : { reference: interner.numberOf(value) };
}
