import { isOriginResolverClass } from '../origin/compile-origins.js';
import type { OriginContext } from '../origin/origin-resolver.js';
import type { OriginEntry, ValidationEnvironment } from './origin-entry.js';
import { readCallbackStyle } from './predicate-source/callback-style.js';
import { rewriteCallback } from './predicate-source/rewritten-callback.js';
import { quoteValue } from './problems/quote-value.js';
import { EXAMPLE_ORIGIN } from './remedies/corrected-origin.js';

const EXAMPLE = `(origin) => ['${EXAMPLE_ORIGIN}'].includes(origin)`;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

type Predicate = (origin: string, context: OriginContext) => unknown;

/** Checks a function given as `origin`: a predicate or a resolver class. */
export function validateOriginFunction(entry: OriginEntry, value: object): void {
  if (isOriginResolverClass(value)) {
    return;
  }
  const source: string = Function.prototype.toString.call(value);
  if (/^class\b/.test(source)) {
    entry.findings.problem(
      'option-type',
      ['origin'],
      value,
      `origin is ${quoteValue(value)}, but a resolver class must have the method \`resolve\``,
      `Write \`origin: ${EXAMPLE}\`, or add the method \`resolve(origin)\` to the class. A property with a function is not a method.`,
    );
    return;
  }
  const style = readCallbackStyle(source);
  if (style !== undefined) {
    const code = rewriteCallback(style);
    const rewritten = code?.includes('`') ? undefined : code; // the remedy has code in backticks
    const advice =
      rewritten === undefined
        ? ' Return the answer, or a promise of it: the second parameter is the context of the request, not a callback.'
        : '';
    reportType(entry, value, `which calls its second parameter (\`${style.name}\`)`, rewritten ?? EXAMPLE, advice);
  } else if (entry.safety.credentials && allowsAnything(value as Predicate, entry)) {
    entry.findings.warning(
      'predicate-reflects-any',
      ['origin', 'credentials'],
      `origin is ${quoteValue(value)}, which allowed a random origin, together with \`credentials: true\``,
      `Compare with the origins you trust, for example \`origin: ${EXAMPLE}\`.`,
    );
  }
}

function reportType(entry: OriginEntry, value: object, fault: string, code: string, advice: string): void {
  entry.findings.problem(
    'option-type',
    ['origin'],
    value,
    `origin is ${quoteValue(value)}, ${fault}, but a predicate must return true or false`,
    `Write \`origin: ${code}\`.${advice}`,
  );
}

/**
 * Calls a predicate once in each boot with a random origin. The call may have side effects, so it is never repeated.
 * Async functions are not called.
 */
function allowsAnything(predicate: Predicate, { environment, findings }: OriginEntry): boolean {
  const known = environment.probed.get(predicate);
  if (known !== undefined) {
    return known;
  }
  const isAsync = Object.prototype.toString.call(predicate) === '[object AsyncFunction]';
  const context = { request: undefined, method: 'GET', path: '/', policy: findings.merged.target, preflight: false };
  const allowed = !isAsync && allows(predicate, randomOrigin(environment), Object.freeze(context));
  environment.probed.set(predicate, allowed);
  return allowed;
}

function allows(predicate: Predicate, origin: string, context: OriginContext): boolean {
  try {
    const answer = predicate(origin, context);
    if (typeof answer === 'object' && answer !== null) {
      // Without a handler, a rejection would end the process.
      Promise.resolve(answer).catch(() => undefined);
    }
    return answer === true;
  } catch {
    return false; // it may need a real request
  }
}

function randomOrigin({ random }: ValidationEnvironment): string {
  const word = (length: number) =>
    Array.from({ length }, () => LETTERS.charAt(Math.floor(random() * LETTERS.length))).join('');
  return `https://${word(20)}.${word(8)}`;
}
