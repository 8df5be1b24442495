import { isRegExp } from '../origin/is-regexp.js';
import type { OriginEntry, ValidationEnvironment } from './origin-entry.js';
import type { Findings } from './problems/findings.js';
import { sourceText } from './problems/source-text.js';
import { listRemedy } from './remedies/corrected-list.js';
import {
  correctedEntry,
  correctedOrigin,
  describeValue,
  EXAMPLE_ORIGIN,
  type OriginSafety,
  originSafety,
} from './remedies/corrected-origin.js';
import { validateOriginExpression } from './validate-origin-expression.js';
import { validateOriginFunction } from './validate-origin-function.js';
import { validateOriginText } from './validate-origin-text.js';

/** Checks `origin`, alone and together with `credentials`. */
export function validateOrigin(findings: Findings, origin: unknown, environment: ValidationEnvironment): void {
  const safety = originSafety(findings.merged.options);
  if (Array.isArray(origin)) {
    validateListOnce(findings, environment, safety, origin);
    return;
  }
  const remedy = () => `Write \`origin: ${sourceText(correctedOrigin(origin, safety))}\``;
  const entry: OriginEntry = { findings, environment, safety, place: 'origin', remedy };
  if (typeof origin === 'function') {
    validateOriginFunction(entry, origin);
  } else if (origin !== true) {
    validateTextOrExpression(entry, origin);
  } else if (safety.credentials) {
    findings.problem(
      'credentials-reflect-any',
      ['origin', 'credentials'],
      true,
      'origin is true together with `credentials: true`, so every website could read private data',
      `${remedy()} with the origins you trust, or \`credentials: false\`.`,
    );
  }
}

/** Checks a list again only if it had findings, because each policy reports its own, or for another kind of policy. */
function validateListOnce(
  findings: Findings,
  environment: ValidationEnvironment,
  safety: OriginSafety,
  list: readonly unknown[],
): void {
  const kind = JSON.stringify(safety);
  const kinds = environment.faultlessLists.get(list) ?? new Set<string>();
  if (kinds.has(kind)) {
    return;
  }
  const { problems, warnings } = findings;
  const before = problems.length + warnings.length;
  validateOriginList(findings, environment, safety, list);
  if (problems.length + warnings.length === before) {
    environment.faultlessLists.set(list, kinds.add(kind));
  }
}

function validateOriginList(
  findings: Findings,
  environment: ValidationEnvironment,
  safety: OriginSafety,
  list: readonly unknown[],
): void {
  if (list.length === 0) {
    findings.problem(
      'origin-missing',
      ['origin'],
      list,
      'origin is an empty list, so this policy allows no origin',
      `Write the origins, for example \`origin: ['${EXAMPLE_ORIGIN}']\`, or close the route with \`@DisableCors()\`.`,
    );
  }
  let whole: ReturnType<typeof correctedOrigin> | undefined;
  const corrected = () => {
    // Once for all entries, because it translates each expression in the list.
    whole ??= correctedOrigin(list, safety);
    return whole;
  };
  for (const [index, value] of list.entries()) {
    const place = `origin[${index}]`;
    const remedy = () => listRemedy('origin', list, corrected, correctedEntry(value, safety).origins);
    if (typeof value === 'string' || isRegExp(value)) {
      validateTextOrExpression({ findings, environment, safety, place, remedy }, value);
      continue;
    }
    const advice = typeof value === 'function' ? ' A predicate or a resolver class cannot be part of a list.' : '';
    findings.problem(
      'origin-invalid',
      ['origin'],
      value,
      value === undefined
        ? `${place} is undefined, perhaps because an environment variable is not set`
        : `${place} is ${describeValue(value)}, but a list can contain only origins and patterns`,
      `${remedy()}.${advice}`,
    );
  }
  if (list.length > 1 && list.includes('*') && !safety.credentials) {
    findings.warning(
      'wildcard-mixed',
      ['origin'],
      "origin lists '*' and other origins, so it allows every origin and the others have no effect",
      "Write `origin: '*'`, or remove `'*'` from the list.",
    );
  }
}

function validateTextOrExpression(entry: OriginEntry, value: unknown): void {
  if (typeof value === 'string') {
    validateOriginText(entry, value);
  } else {
    validateOriginExpression(entry, value);
  }
}
