import type { CorsExplanation } from 'nestjs-cors';
import type { Verdict } from '../../../../src/browser/judge.js';
import type { BrowserName } from '../../browsers/browser.js';
import type { JudgedRow } from './judge-row.js';

/** What `explain()` says about one hop, as far as a browser shows it. */
interface ExplainedOutcome {
  readonly readable: boolean | undefined;
  readonly step: CorsExplanation['step'];
  /** The name that the browser gives the failure. */
  readonly name: string | undefined;
}

export function explainedOutcome(
  { readable, step, browsers }: CorsExplanation,
  browser: BrowserName,
  { first }: JudgedRow,
): ExplainedOutcome {
  return { readable, step, name: isUnnamed(first, browser) ? undefined : browsers[browser] };
}

/** What it must say: `explain()` covers the first hop, so a redirect that is followed counts as readable. */
export function expectedExplanation(judged: JudgedRow, browser: BrowserName): ExplainedOutcome {
  const { first } = judged;
  return {
    readable: first.readable || first.follow !== undefined,
    step: stepOf(first),
    name: isUnnamed(first, browser) ? undefined : first.browsers[browser].name,
  };
}

function stepOf({ step, status }: Verdict): CorsExplanation['step'] {
  // Only enforcement answers 403 to a request of the suites.
  return step === 'preflight' ? step : step === undefined ? undefined : status === 403 ? 'enforcement' : 'response';
}

/** WebKit has another message for redirects, and `explain()` does not know that a handler redirects. */
function isUnnamed({ step }: Verdict, browser: BrowserName): boolean {
  return browser === 'webkit' && step === 'redirect';
}
