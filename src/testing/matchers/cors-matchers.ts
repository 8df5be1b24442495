import type { CorsExplanation } from '../../explanations/cors-explanation.js';
import type { Page } from '../open-page.js';
import { hiddenHeaderText } from './hidden-header.js';
import { type Visit, visit } from './visit.js';
import { outcomeText, reasonText } from './visit-text.js';

/** The part of a test runner's matcher context that these matchers use. */
export interface MatcherContext {
  /** Whether the matcher is called after `.not`. */
  readonly isNot?: boolean | undefined;
}

/** What a matcher tells the test runner. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Matchers of pages, for Jest and Vitest: `expect.extend(corsMatchers)`. Each makes a request, so write `await`. A
 * failure explains why the page can read the response or cannot, as `CorsService.explain()` does. A request without
 * any answer, and one that no browser sends, fails with `.not` too.
 *
 * @example
 * ```ts
 * const page = openPage(app, 'https://app.example.com');
 * await expect(page).toRead('/orders');
 * await expect(page).toBeBlockedFrom('/internal', { method: 'DELETE' });
 * await expect(page).toSeeHeader('/orders', 'x-total-count');
 * ```
 */
export const corsMatchers = Object.freeze({
  async toRead(this: MatcherContext, page: Page, path: string | URL, init?: RequestInit): Promise<MatcherResult> {
    const made = await visit('toRead', page, path, init);
    return resultOf(this, made, made.outcome === 'read', 'read');
  },

  async toBeBlockedFrom(
    this: MatcherContext,
    page: Page,
    path: string | URL,
    init?: RequestInit,
  ): Promise<MatcherResult> {
    const made = await visit('toBeBlockedFrom', page, path, init);
    return resultOf(this, made, made.outcome === 'blocked', 'be blocked from');
  },

  async toSeeHeader(
    this: MatcherContext,
    page: Page,
    path: string | URL,
    name: string,
    init?: RequestInit,
  ): Promise<MatcherResult> {
    const made = await visit('toSeeHeader', page, path, init);
    const expected = `see the header ${name} of`;
    if (made.outcome !== 'read') {
      return resultOf(this, made, false, expected);
    }
    const value = made.response?.headers.get(name) ?? undefined;
    const texts = (explanation: CorsExplanation | undefined) =>
      value === undefined ? hiddenHeaderText(made, explanation, name) : [`It reads ${name}: ${value}.`];
    return resultOf(this, made, value !== undefined, expected, texts);
  },
});

/** Explains a request only if the expectation fails, because that calls predicates and resolvers. */
async function resultOf(
  { isNot = false }: MatcherContext,
  made: Visit,
  isMet: boolean,
  expected: string,
  texts = (explanation: CorsExplanation | undefined): readonly string[] => [
    outcomeText(made),
    ...reasonText(made, explanation),
  ],
): Promise<MatcherResult> {
  const pass = made.outcome === 'unanswered' ? isNot : isMet;
  const [happened, ...reasons] = pass === isNot ? texts(await made.explain()) : [];
  const first = `Expected the page ${made.page.origin} ${isNot ? 'not ' : ''}to ${expected} ${made.request}. ${happened}`;
  return { pass, message: () => [first, ...reasons].join('\n') };
}
