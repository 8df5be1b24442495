import type { CorsProblem } from './problem.js';
import { listTargets } from './problem.js';

/** The same symbol in every copy of the package. */
const BRAND = Symbol.for('nestjs-cors.configuration-error');

/**
 * Stops the boot because the CORS configuration has mistakes. {@link problems} has all of them as data, and `message`
 * as a numbered list.
 *
 * `instanceof` also holds for errors of another copy of the package.
 */
export class CorsConfigurationError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this and is recognised as any other class
    if (this !== CorsConfigurationError) {
      // biome-ignore lint/complexity/noThisInStatic: as above
      return Function.prototype[Symbol.hasInstance].call(this, value);
    }
    return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /** `'CorsConfigurationError'`. */
  override readonly name: string = 'CorsConfigurationError';

  /** Every mistake, each once with all its targets. Frozen. */
  declare readonly problems: readonly CorsProblem[];

  /** @param problems at least one mistake */
  constructor(problems: readonly CorsProblem[]) {
    super(describe(problems));
    // Not enumerable, because loggers would print the same again below the message.
    Object.defineProperty(this, 'problems', { value: Object.freeze([...problems]) });
    Object.defineProperty(this, BRAND, { value: true });
  }
}

function describe(problems: readonly CorsProblem[]): string {
  const mistakes = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`;
  const list = problems.map(
    (problem, index) =>
      `${index + 1}. ${problem.code} in ${listTargets(problem.targets)}\n` +
      `   ${problem.message}\n` +
      `   ${problem.remedy}`,
  );
  return `The CORS configuration has ${mistakes}:\n\n${list.join('\n\n')}\n`;
}
