import { hasNestedQuantifiers, inventedMatch, isAnchored } from '../../origin/regex-origin.js';
import { admitsInsecureOrigins } from './insecure-expression.js';
import { type OriginEntry, reportInsecure } from './origin-entry.js';
import { quoteValue } from './quote-value.js';

/** Checks one regular expression of the `origin` option. */
export function validateOriginExpression(entry: OriginEntry, regexp: RegExp): void {
  const { findings, environment, safety, place } = entry;
  const quoted = quoteValue(regexp);
  if (!isAnchored(regexp)) {
    findings.problem(
      'regex-unanchored',
      ['origin'],
      regexp,
      `${place} is ${quoted}, not every alternative of which begins with ^ and ends with $`,
      `${entry.remedy()}.`,
    );
  }
  if (hasNestedQuantifiers(regexp)) {
    findings.warning(
      'regex-nested-quantifiers',
      ['origin'],
      `${place} is ${quoted}, which repeats a group that repeats something itself and may take very long on hostile origins`,
      "Write a pattern such as `origin: 'https://*.example.com'`, which is always fast, or repeat only once.",
    );
  }
  const invented = inventedMatch(regexp, environment.random);
  if (invented === undefined) {
    if (admitsInsecureOrigins(regexp)) {
      reportInsecure(entry, regexp, `${place} is ${quoted}, which matches http: origins`);
    }
  } else if (safety.credentials) {
    findings.problem(
      'credentials-reflect-any',
      ['origin', 'credentials'],
      regexp,
      `${place} is ${quoted}, which matches origins nobody can have meant, such as ${invented}, together with credentials: true`,
      `${entry.remedy()} with the origins you trust, or \`credentials: false\`.`,
    );
  } else {
    findings.warning(
      'regex-matches-any',
      ['origin'],
      `${place} is ${quoted}, which matches origins nobody can have meant, such as ${invented}`,
      "Name your own hosts in it, to their end, or write `origin: '*'` if every origin is meant.",
    );
  }
}
