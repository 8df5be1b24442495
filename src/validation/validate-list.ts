import { isSafelistedMethod, normalizeMethod } from '../policy/methods.js';
import { findFault, LIST_RULES, type ListProperty } from './options/list-rules.js';
import type { Findings } from './problems/findings.js';
import { quoteValue } from './problems/quote-value.js';
import { sourceText } from './problems/source-text.js';
import { correctedList, correctedName, listRemedy } from './remedies/corrected-list.js';

/** Checks the entries of `methods`, `allowedHeaders` or `exposedHeaders`. */
export function validateList(findings: Findings, property: ListProperty, list: readonly unknown[]): void {
  const rule = LIST_RULES[property];
  const credentials = findings.merged.options.credentials === true;
  const corrected = () => correctedList(property, list, credentials);
  for (const [index, entry] of list.entries()) {
    const found = findFault(rule, entry, credentials);
    if (found === undefined) {
      continue;
    }
    const { code, fault, advice, withCredentials } = found;
    const remedy = listRemedy(property, list, corrected, correctedName(property, entry, credentials));
    findings.problem(
      code,
      withCredentials ? [property, 'credentials'] : [property],
      entry,
      `${property}[${index}] is ${quoteValue(entry)}, ${fault}`,
      advice === undefined ? `${remedy}.` : `${remedy}. ${advice}`,
    );
  }
  if (property === 'allowedHeaders' && credentials && list.includes('*')) {
    findings.warning(
      'wildcard-headers-with-credentials',
      ['allowedHeaders', 'credentials'],
      "allowedHeaders contains '*' together with `credentials: true`, so a preflight may ask for any header",
      `List the headers that clients send, for example \`allowedHeaders: ${sourceText(LIST_RULES.allowedHeaders.example)}\`.`,
    );
  }
}

/**
 * Compares `methods` with the methods of a handler.
 *
 * @param mappedMethods upper-case names; `*` or `ALL` for a handler of every method
 */
export function warnOfMethods(findings: Findings, mappedMethods: readonly string[]): void {
  const { methods } = findings.merged.options;
  if (!Array.isArray(methods) || methods.includes('*')) {
    return;
  }
  const listed: string[] = methods.filter((method) => typeof method === 'string').map(normalizeMethod);
  const allowed = new Set([...listed, '*', 'ALL', ...(listed.includes('GET') ? ['HEAD'] : [])]);
  for (const mapped of new Set(mappedMethods)) {
    if (allowed.has(mapped)) {
      continue;
    }
    const remedy = `Write \`methods: ${sourceText([...listed, mapped])}\``;
    if (isSafelistedMethod(mapped)) {
      findings.warning(
        'safelisted-method-omitted',
        ['methods'],
        `methods does not list ${mapped}, but browsers send GET, HEAD and POST anyway`,
        `${remedy}. To refuse cross-origin requests, use \`@DisableCors()\` and \`enforce: 'all'\`.`,
      );
    } else {
      findings.warning(
        'method-not-allowed-by-own-policy',
        ['methods'],
        `methods does not list ${mapped}, the method of the handler, so other origins cannot call it`,
        `${remedy}, or close the handler with \`@DisableCors()\`.`,
      );
    }
  }
}
