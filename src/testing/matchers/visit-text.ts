import type { CorsExplanation } from '../../explanations/cors-explanation.js';
import { lowerCaseName } from '../../policy/header-names.js';
import { quoteThrown } from '../../validation/problems/quote-value.js';
import { type CorsBlockedError, failureText } from '../cors-blocked.error.js';
import type { Visit } from './visit.js';

const UNREACHABLE =
  'Change: Start the server, or correct the URL. The public URL of an application is the option `address` of `openPage`.';

/** What happened to a request, in a sentence. */
export function outcomeText({ outcome, response, error }: Visit): string {
  if (error === undefined) {
    const isManual = response?.type === 'opaqueredirect';
    return outcome === 'read'
      ? `It reads the response: status ${response?.status}.`
      : `${isManual ? "`redirect: 'manual'`" : "`mode: 'no-cors'`"} gives it a response without content.`;
  }
  return outcome === 'unanswered' && error.cors.step === 'request'
    ? 'No browser sends this request.'
    : failureText(error.cors);
}

/** The explanation, and the headers that arrived if it does not explain the outcome. */
export function reasonText(visit: Visit, explanation: CorsExplanation | undefined): readonly string[] {
  const { outcome, error } = visit;
  if (error !== undefined && outcome === 'unanswered') {
    return [...causeText(error), 'This says nothing about CORS, so it fails with `.not` too.'];
  }
  if (outcome === 'empty') {
    return [];
  }
  if (explanation === undefined) {
    const because = error === undefined ? [] : causeText(error);
    // A named failure is said already, in the first line of its cause.
    return error?.cors.code === undefined
      ? [...because, ...arrivedText(visit)]
      : [...arrivedText(visit), ...because.slice(1)];
  }
  const text = explanation.toString();
  if (explanation.readable === undefined) {
    return [text, ...arrivedText(visit)];
  }
  return explanation.readable === (outcome === 'read')
    ? [text]
    : [contradiction(visit, explanation), ...arrivedText(visit), text];
}

/** Why a browser does not do what the policy says. */
function contradiction({ error, exchanges }: Visit, { preflight: { needed } }: CorsExplanation): string {
  if (error !== undefined) {
    return 'The policy allows it: other code removed or changed headers of the response.';
  }
  return needed && !exchanges.some(({ preflight }) => preflight)
    ? 'The page has cached a preflight that allows it. `page.preflightCache.clear()` empties the cache.'
    : 'The policy does not allow it: other code set CORS headers.';
}

/** The last response: its status, and the headers that browsers check. */
function arrivedText({ exchanges }: Visit): readonly string[] {
  const last = exchanges.at(-1);
  if (last === undefined) {
    return [];
  }
  const headers = last.responseHeaders
    .filter(([name]) => /^(?:access-control-.+|cross-origin-resource-policy|location)$/.test(lowerCaseName(name)))
    .map(([name, value]) => `${lowerCaseName(name)}: ${value}`);
  const found = headers.length === 0 ? 'no CORS headers' : headers.join(', ');
  return [`The answer to ${last.method} ${last.url} has the status ${last.status}, and ${found}.`];
}

/** What the cause says, line by line, and what to change. */
function causeText({ cause }: CorsBlockedError): readonly string[] {
  // The error of a connection to several addresses has no message.
  const { message, code } = cause as { readonly message?: string; readonly code?: string };
  const lines = `${message || code || quoteThrown(cause)}`.split('\n');
  return code === 'ECONNREFUSED' ? [...lines, UNREACHABLE] : lines;
}
