import { compileOrigins } from '../origin/compile-origins.js';
import { escapePattern } from '../validation/problems/source-text.js';
import type { CorsRoute } from './cors-route.js';

/** More origins are listed with each policy instead. */
const MOST_COLUMNS = 9;

/** Tells for each origin of an application which policies allow it: a column for each origin. */
export class OriginColumns {
  readonly #origins: readonly string[];

  /** @param groups a route of each policy */
  constructor(groups: readonly CorsRoute[]) {
    const origins = [...new Set(groups.flatMap(({ policy }) => policy.origin))].sort();
    this.#origins = origins.length > MOST_COLUMNS ? [] : origins;
  }

  /** Whether there are columns. */
  get areShown(): boolean {
    return this.#origins.length > 0;
  }

  /** The numbers of the columns, for the heading of the table. */
  get heading(): string {
    return this.#origins.map((_, index) => ` ${index + 1}`).join('');
  }

  /** A line for each column, with its origin. */
  get legend(): readonly string[] {
    return this.#origins.map((origin, index) => `${index + 1} ${escapePattern(origin)}`);
  }

  /** The cells of a policy. */
  cellsOf({ state, policy }: CorsRoute): string {
    if (state !== 'open') {
      return (state === 'disabled' ? ' -' : '  ').repeat(this.#origins.length);
    }
    const allowed = policy.origin;
    const asks = allowed.some(isFunction);
    const matcher = asks ? undefined : compileOrigins(allowed);
    const isAllowed = (origin: string): boolean =>
      allowed.includes(origin) ||
      matcher?.kind === 'any' ||
      (matcher?.kind === 'static' && isOneOrigin(origin) && matcher.allows(origin));
    const yes = policy.credentials ? ' C' : ' x';
    return this.#origins
      .map((origin) =>
        asks && (isOneOrigin(origin) || allowed.includes(origin)) ? ' ?' : isAllowed(origin) ? yes : ' -',
      )
      .join('');
  }
}

/** Whether a text is the name of a predicate or resolver. */
function isFunction(text: string): boolean {
  return text !== '*' && !text.includes('://');
}

/** Whether a text is one origin: not a pattern, and not the name of a function. */
function isOneOrigin(text: string): boolean {
  return text.includes('://') && !text.includes('*');
}
