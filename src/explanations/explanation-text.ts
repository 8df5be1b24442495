import type { EffectivePolicy } from '../boot/policies/policy-levels.js';
import { refusalAdvice } from '../diagnostics/refusal-advice.js';
import type { CorsReason } from '../policy/decision.js';
import { escapeText } from '../validation/problems/source-text.js';
import type { CorsExplanation } from './cors-explanation.js';
import type { ExplainedRequest } from './explained-request.js';

/** An explanation without its text. */
export type ExplanationFacts = Omit<CorsExplanation, 'toString'>;

/** Longer texts of the request are cut, in characters. */
const LONGEST_TEXT = 120;

/** The text of an explanation: verdict, why, change, next, policy, browser. One line each, in printable ASCII. */
export function explanationText(
  facts: ExplanationFacts,
  request: ExplainedRequest,
  effective: EffectivePolicy,
): string {
  const { readable, reason, next, target } = facts;
  const lines = [verdictLine(facts, request)];
  if (readable !== true) {
    lines.push(`Change: ${refusalAdvice(reason as CorsReason, target) ?? reason}`);
  }
  if (next.length > 0) {
    lines.push(`Next: ${next.join(', ')}`);
  }
  lines.push(policyLine(facts, effective));
  if (readable === false) {
    lines.push(browserLine(facts));
  }
  return lines.join('\n');
}

function verdictLine(
  { readable, step, reason, preflight }: ExplanationFacts,
  { page, target, sameOrigin }: ExplainedRequest,
): string {
  const what = `${printable(page.method)} ${printable(withoutQuery(target))}`;
  const origin = printable(page.origin);
  if (readable === true) {
    return `Readable: ${what} for a page of ${origin}${sameOrigin ? ', which has the same origin' : ''}.`;
  }
  if (readable === undefined) {
    return `Unknown: ${what} for a page of ${origin} (${reason}).`;
  }
  const status = preflight.status === undefined ? '' : ` with ${preflight.status}`;
  const how = { preflight: `The preflight is refused${status}`, enforcement: '', response: '' }[step ?? 'response'];
  return `Blocked: ${what} for a page of ${origin}. ${how} (${reason}).`;
}

function policyLine({ target, handler }: ExplanationFacts, { sources }: EffectivePolicy): string {
  const places = Object.entries(sources).map(([option, place]) => `${option} from ${place}`);
  return `Policy: ${target}${handler === undefined ? ' (no handler)' : ''}: ${places.join(', ')}`;
}

function browserLine({ browsers: { chromium, firefox, webkit } }: ExplanationFacts): string {
  return `Browser: Chromium ${chromium}, Firefox ${firefox}, WebKit ${webkit}`;
}

/** A query may contain secrets, and no policy depends on it. */
function withoutQuery(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

/** A text of the request, in printable ASCII. */
function printable(text: string): string {
  const cut = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
  return escapeText(cut);
}
