import { joinHeaders } from '../browser/preflight.js';
import type { PolicyProperty } from '../policy/policy-options.js';
import { isPathTarget } from '../policy/policy-source.js';
import type { ResolverEvent } from '../resolver/resolver-event.js';
import { quoteThrown } from '../validation/problems/quote-value.js';
import { escapeText } from '../validation/problems/source-text.js';
import { correctReasons, isPlaced, type PlacedRequest } from './correct-request.js';
import type { Correction } from './corrections/correction.js';
import type { CorsExplanation, ExplanationReason } from './cors-explanation.js';
import { type ExplainedApplication, type ExplainedRequest, failedCheck } from './explained-request.js';

/** An explanation without its text. */
export type ExplanationFacts = Omit<CorsExplanation, 'toString'>;

/** Longer texts of the request are cut, in characters. */
const LONGEST_TEXT = 120;
/** The other reasons have at most this many lines. */
const MOST_NEXT_LINES = 3;

const VERSION_UNKNOWN = ' (the version is not known: give its header with a value)';

/** The option that each reason is about. */
const OPTIONS: Readonly<Partial<Record<ExplanationReason, PolicyProperty>>> = Object.freeze({
  'method-not-allowed': 'methods',
  'header-not-allowed': 'allowedHeaders',
  'credentials-not-allowed': 'credentials',
  'wildcard-with-credentials': 'credentials',
});

/**
 * The text of an explanation: verdict, why, change, next, policy, browser. At most eight lines of printable text.
 * @param remaining the request once the first reason is corrected: the same one, one with another method, or one to an
 * open policy
 */
export function explanationText(
  facts: ExplanationFacts,
  written: PlacedRequest,
  remaining: PlacedRequest,
  application: ExplainedApplication,
): string {
  const { request } = written;
  const lines = [verdictLine(facts, request)];
  const { reason } = facts;
  // The corrections after the first are for the policy that it makes.
  const isSame = remaining.request === request;
  const [first, ...others] = correctReasons(isSame ? [reason, ...facts.next] : [reason], written, application);
  if (facts.readable !== true) {
    const failed = failedCheck(request);
    const { why, text } = failed ? correctionOfCheck(failed) : (first as Correction);
    lines.push(`Why: ${why}${facts.reason === 'header-not-allowed' ? wildcardNote(facts, request) : ''}`);
    lines.push(`Change: ${text}`);
  }
  const corrections = isSame ? others : correctReasons(facts.next, remaining, application);
  const next = corrections.map(({ why, text }, index) => `${facts.next[index]}. ${why} ${text}`);
  lines.push(...nextLines(next), policyLine(facts, request));
  const { chromium, firefox, webkit } = facts.browsers;
  if (chromium !== undefined) {
    lines.push(`Browser: Chromium says ${chromium}, Firefox ${firefox}, WebKit ${webkit}.`);
  }
  return lines.join('\n');
}

function verdictLine(facts: ExplanationFacts, request: ExplainedRequest): string {
  const { page, target } = request;
  const ignoredHeaders = unsentHeaders(request);
  const verdict = facts.readable === undefined ? 'Unknown' : facts.readable ? 'Readable' : 'Blocked';
  const what = `${printable(page.method)} ${printable(withoutQuery(target))} from ${printable(page.origin)}`;
  const ignored = ignoredHeaders.length === 0 ? '' : ` Scripts cannot set ${ignoredHeaders.join(', ')}: left out.`;
  return `${verdict}: ${what}. ${outcomeOf(facts, request)}${ignored}`;
}

/** What happens, in a sentence. */
function outcomeOf({ readable, step, reason, preflight }: ExplanationFacts, request: ExplainedRequest): string {
  if (request.sameOrigin) {
    return 'The page has the origin of the URL, so browsers apply no CORS.';
  }
  if (readable === true) {
    return preflight.needed
      ? 'The preflight and the response allow it.'
      : 'The response allows it. No preflight is needed.';
  }
  if (readable === undefined) {
    return reason === 'no-policy'
      ? 'nestjs-cors leaves it to other code (no-policy).'
      : `Code of the application threw an error, so this request is refused (${reason}).`;
  }
  switch (step) {
    case 'preflight':
      return refusalOf(preflight.status, request.preflight?.answer.isRefused, reason);
    case 'enforcement':
      return `The request is refused with 403 before its handler runs (${reason}).`;
    default:
      return `The page cannot read the response (${reason}).`;
  }
}

/** How the preflight fails. With `explainToClient` a refusal has the status of an answer. */
function refusalOf(status: number | undefined, isRefused = false, reason: ExplanationReason): string {
  if (!isRefused) {
    return `The preflight fails (${reason}).`;
  }
  return status === 403
    ? `The preflight is refused with 403 (${reason}).`
    : `The preflight is answered with ${status}, but without the permission (${reason}).`;
}

/** What to do where a predicate or resolver threw. */
function correctionOfCheck({ message, error }: ResolverEvent): Pick<Correction, 'why' | 'text'> {
  return {
    why: `${message} The error is ${quoteThrown(error)}.`,
    text: 'If it needs more than the method, URL and headers of a request, send a real request. Otherwise correct it.',
  };
}

/** `*` covers `authorization` in browsers, and not in the standard, which nestjs-cors follows. */
function wildcardNote({ missingHeaders }: ExplanationFacts, { subject: { policy } }: ExplainedRequest): string {
  return policy.anyHeader && missingHeaders.includes('authorization')
    ? ' `*` does not cover `authorization` in the Fetch standard, although browsers still accept it today.'
    : '';
}

function nextLines(texts: readonly string[]): readonly string[] {
  const own = texts.slice(0, MOST_NEXT_LINES - 1);
  const last = texts.slice(MOST_NEXT_LINES - 1).join(' Then: ');
  return [...own, ...(last === '' ? [] : [last])].map((text) => `Next: ${text}`);
}

function policyLine(facts: ExplanationFacts, request: ExplainedRequest): string {
  const { page, target, actual, preflight, subject } = request;
  const { reason, next, handler, sources } = facts;
  const options = new Set<PolicyProperty>(['origin']);
  // A disabled or untouched policy has no other options. Those of `next` are for the policy once it is opened.
  const isOpen = subject.policy.state === 'open';
  for (const one of isOpen ? [reason, ...next] : [reason]) {
    const option = OPTIONS[one];
    if (option !== undefined) {
      options.add(option);
    }
  }
  if (actual.enforced) {
    options.add('enforce');
  }
  const places = [...options].map((option) =>
    option === 'origin' && !isOpen && sources.origin !== 'default'
      ? `${subject.policy.state} by ${sources.origin}`
      : `${option} ${placeOf(sources[option])}`,
  );
  const isVersioned = preflight?.answer.candidates.some((candidate) => candidate !== actual.match) === true;
  const unserved = isPathTarget(facts.target)
    ? ''
    : ` (no handler serves ${page.method} ${printable(withoutQuery(target))})`;
  const about = handler !== undefined ? '' : isVersioned ? VERSION_UNKNOWN : unserved;
  return `Policy: ${facts.target}${about}${isPlaced(request) ? `: ${places.join(', ')}` : ''}.`;
}

function placeOf(place = 'default'): string {
  return place === 'default' ? 'by default' : `from ${place}`;
}

/** The headers of the page that browsers do not send, because only they can set them. */
function unsentHeaders({ page: { headers } }: ExplainedRequest): readonly string[] {
  const sent = joinHeaders(headers);
  return headers.map(({ name }) => name.toLowerCase()).filter((name) => !sent.has(name));
}

/** A query may contain secrets, and no policy depends on it. */
function withoutQuery(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

/** A text of the request, cut and in printable ASCII. */
function printable(text: string): string {
  const escaped = escapeText(text.slice(0, LONGEST_TEXT));
  const isCut = text.length > LONGEST_TEXT || escaped.length > LONGEST_TEXT;
  return isCut ? `${escaped.slice(0, LONGEST_TEXT)}...` : escaped;
}
