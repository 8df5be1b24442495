import { isOriginResolverClass } from '../origin/compile-origins.js';
import type { OriginContext } from '../origin/origin-resolver.js';
import type { PolicySource } from '../policy/policy-source.js';
import type { OriginEntry, ValidationEnvironment } from './origin-entry.js';
import { readCallbackStyle } from './predicate-source/callback-style.js';
import { rewriteCallback } from './predicate-source/rewritten-callback.js';
import { quoteValue } from './problems/quote-value.js';

const EXAMPLE = "(origin) => ['https://app.example.com'].includes(origin)";
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

type UnknownFunction = (origin: string, context: OriginContext) => unknown;

/** Checks a function given as `origin`: a predicate or the class of a resolver. */
export function validateOriginFunction(entry: OriginEntry, value: object): void {
  if (isOriginResolverClass(value)) {
    return;
  }
  const source: string = Function.prototype.toString.call(value);
  if (/^class\b/.test(source)) {
    wrongKind(entry, value, 'which has no resolve method', EXAMPLE, '; a resolver class declares `resolve(origin)`');
    return;
  }
  const style = readCallbackStyle(source);
  if (style !== undefined) {
    const kind = `which calls its second parameter (${style.name})`;
    const rewritten = rewriteCallback(style);
    const advice =
      '; return the answer, or a promise of it, because the second parameter is the context of the request';
    wrongKind(entry, value, kind, rewritten ?? EXAMPLE, rewritten === undefined ? advice : '');
  } else if (entry.safety.credentials && allowsAnything(value as UnknownFunction, entry)) {
    entry.findings.warning(
      'predicate-reflects-any',
      ['origin', 'credentials'],
      `origin is ${quoteValue(value)}, which allowed an invented origin, together with credentials: true`,
      "Compare with the origins you trust, for example `origin: (origin) => ['https://app.example.com'].includes(origin)`.",
    );
  }
}

function wrongKind(entry: OriginEntry, value: object, kind: string, code: string, advice: string): void {
  entry.findings.problem(
    'option-type',
    ['origin'],
    value,
    `origin is ${quoteValue(value)}, ${kind}, but a predicate returns true or false`,
    `Write \`origin: ${code}\`${advice}.`,
  );
}

/**
 * Calls a predicate once with an invented origin. It may well have effects of its own, so that answer is
 * kept for the whole boot, and one that announces itself as asynchronous is not asked at all.
 */
function allowsAnything(predicate: UnknownFunction, entry: OriginEntry): boolean {
  const { environment } = entry;
  const known = environment.probed.get(predicate);
  if (known !== undefined) {
    return known;
  }
  const isAsync = Object.prototype.toString.call(predicate) === '[object AsyncFunction]';
  const allowed = !isAsync && ask(predicate, environment, entry.findings.merged.target);
  environment.probed.set(predicate, allowed);
  return allowed;
}

function ask(predicate: UnknownFunction, environment: ValidationEnvironment, target: PolicySource): boolean {
  try {
    const answer = predicate(
      `https://${word(environment, 20)}.${word(environment, 8)}`,
      Object.freeze({ request: undefined, method: 'GET', path: '/', policy: target, preflight: false }),
    );
    if (typeof answer === 'object' && answer !== null) {
      // Nobody waits for a promise here, so nobody else would notice its failure.
      Promise.resolve(answer).catch(() => undefined);
    }
    return answer === true;
  } catch {
    // It may need what only a real request has.
    return false;
  }
}

function word(environment: ValidationEnvironment, length: number): string {
  return Array.from({ length }, () => LETTERS.charAt(Math.floor(environment.random() * LETTERS.length))).join('');
}
