import { POLICY_RULES } from './options/policy-rules.js';
import type { OriginEntry, ValidationEnvironment } from './origin-entry.js';
import type { Findings } from './problems/findings.js';
import { quoteValue, sourceText } from './problems/quote-value.js';
import { isExpression } from './remedies/corrected-expression.js';
import { listRemedy } from './remedies/corrected-lists.js';
import {
  correctedEntry,
  correctedOrigin,
  EXAMPLE_ORIGIN,
  type OriginSafety,
  textOfObject,
} from './remedies/corrected-origin.js';
import { validateOriginExpression } from './validate-origin-expression.js';
import { validateOriginFunction } from './validate-origin-function.js';
import { validateOriginText } from './validate-origin-text.js';

/** Checks `origin`, alone and together with `credentials`. */
export function validateOrigin(findings: Findings, environment: ValidationEnvironment, required: boolean): void {
  const { options } = findings.merged;
  const origin: unknown = options.origin;
  const safety: OriginSafety = {
    credentials: options.credentials === true,
    insecureAllowed: options.dangerouslyAllowInsecureOrigins === true,
  };
  if (origin === undefined) {
    if (required) {
      findings.problem(
        'origin-missing',
        ['origin'],
        undefined,
        'no level sets an origin, so the policy would allow no origin',
        `Name who may read the responses, for example \`origin: '${EXAMPLE_ORIGIN}'\`, here or at the module.`,
      );
    }
    return;
  }
  if (Array.isArray(origin)) {
    validateList(findings, environment, safety, origin);
    return;
  }
  const entry: OriginEntry = {
    findings,
    environment,
    safety,
    place: 'origin',
    remedy: () => `Write \`origin: ${sourceText(correctedOrigin(origin, safety))}\``,
  };
  if (isExpression(origin)) {
    validateOriginExpression(entry, origin);
  } else if (typeof origin === 'string') {
    validateOriginText(entry, origin);
  } else if (typeof origin === 'function') {
    validateOriginFunction(entry, origin);
  } else if (origin !== true) {
    wrongType(entry, origin);
  } else if (safety.credentials) {
    findings.problem(
      'credentials-reflect-any',
      ['origin', 'credentials'],
      true,
      'origin is true together with credentials: true, which would let every site read private data',
      `${entry.remedy()} with the origins you trust, or \`credentials: false\`.`,
    );
  }
}

function validateList(
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
      'origin is an empty list, which would allow no origin',
      `Name the origins, for example \`origin: ['${EXAMPLE_ORIGIN}']\`, or close the route with \`@DisableCors()\`.`,
    );
  }
  let whole: ReturnType<typeof correctedOrigin> | undefined;
  const corrected = () => {
    // Once for all entries: each expression in the list is translated for it.
    whole ??= correctedOrigin(list, safety);
    return whole;
  };
  for (const [index, value] of list.entries()) {
    const entry: OriginEntry = {
      findings,
      environment,
      safety,
      place: `origin[${index}]`,
      remedy: () => listRemedy('origin', list, corrected, correctedEntry(value, safety).origins),
    };
    if (isExpression(value)) {
      validateOriginExpression(entry, value);
    } else if (typeof value === 'string') {
      validateOriginText(entry, value);
    } else {
      findings.problem(
        'origin-invalid',
        ['origin'],
        value,
        value === undefined
          ? `${entry.place} is undefined, as from an environment variable that is not set`
          : `${entry.place} is ${describe(value)}, but a list holds origins and patterns only`,
        `${entry.remedy()}${typeof value === 'function' ? '; a predicate or a resolver class stands alone, without a list' : ''}.`,
      );
    }
  }
  if (list.length > 1 && list.includes('*') && !safety.credentials) {
    findings.warning(
      'wildcard-mixed',
      ['origin'],
      "origin lists '*' beside others, so every origin is allowed and the others mean nothing",
      "Write `origin: '*'` if that is meant, otherwise take the star out of the list.",
    );
  }
}

/** As `quoteValue`; objects that hold a text are named, because they look like texts in a log. */
function describe(value: unknown): string {
  const text = textOfObject(value);
  if (text === undefined) {
    return quoteValue(value);
  }
  return `a ${value instanceof URL ? 'URL' : 'String'} object with the text ${quoteValue(text)}`;
}

function wrongType(entry: OriginEntry, value: unknown): void {
  const { findings } = entry;
  let advice = '';
  if (value === false) {
    advice = '; to close a route leave origin out, or use `@DisableCors()`';
  } else if (value instanceof Promise) {
    advice = '; what is only known later goes to `CorsModule.forRootAsync({ useFactory: async () => options })`';
  } else if (typeof value === 'object' && value !== null && 'resolve' in value) {
    advice = '; of an origin resolver pass the class, not an instance';
  }
  findings.problem(
    'option-type',
    ['origin'],
    value,
    `origin is ${describe(value)} but must be ${POLICY_RULES.origin.must}`,
    `${entry.remedy()}${advice}.`,
  );
}
