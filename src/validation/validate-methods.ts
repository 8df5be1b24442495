import { isToken } from '../policy/http-token.js';
import { isForbiddenMethod, isSafelistedMethod, normalizeMethod } from '../policy/methods.js';
import { POLICY_RULES } from './options/policy-rules.js';
import type { Findings } from './problems/findings.js';
import { quoteValue, sourceText } from './problems/quote-value.js';
import { correctedMethod, correctedMethods, listRemedy } from './remedies/corrected-lists.js';

/**
 * Compares explicit `methods` with the methods a handler is mapped to.
 *
 * @param mappedMethods upper-case names; `*` or `ALL` for a handler of every method
 */
export function warnOfMethods(findings: Findings, mappedMethods: readonly string[]): void {
  const { methods } = findings.merged.options;
  if (!Array.isArray(methods) || methods.includes('*')) {
    return;
  }
  const listed: string[] = methods.filter((method) => typeof method === 'string').map(normalizeMethod);
  for (const mapped of new Set(mappedMethods)) {
    const implied = listed.includes(mapped) || (mapped === 'HEAD' && listed.includes('GET'));
    if (implied || mapped === '*' || mapped === 'ALL') {
      continue;
    }
    const corrected = `\`methods: ${sourceText([...listed, mapped])}\``;
    if (isSafelistedMethod(mapped)) {
      findings.warning(
        'safelisted-method-omitted',
        ['methods'],
        `methods leaves out ${mapped}, which does not shut it: browsers send GET, HEAD and POST whatever is listed`,
        `Write ${corrected}; to refuse cross-origin requests use \`@DisableCors()\` and \`enforce: 'all'\`.`,
      );
    } else {
      findings.warning(
        'method-not-allowed-by-own-policy',
        ['methods'],
        `methods leaves out ${mapped}, the method the handler is mapped to, so no other origin can call it`,
        `Write ${corrected}, or say so with \`@DisableCors()\`.`,
      );
    }
  }
}

/** Checks `methods`: a list of method names, each one that a browser may send. */
export function validateMethods(findings: Findings): void {
  const methods: unknown = findings.merged.options.methods;
  if (methods === undefined) {
    return;
  }
  if (!Array.isArray(methods)) {
    findings.problem(
      'option-type',
      ['methods'],
      methods,
      `methods is ${quoteValue(methods)} but must be ${POLICY_RULES.methods.must}`,
      `Write \`methods: ${sourceText(correctedMethods(methods))}\`.`,
    );
    return;
  }
  for (const [index, method] of methods.entries()) {
    validateMethod(findings, methods, method, index);
  }
}

function validateMethod(findings: Findings, methods: readonly unknown[], method: unknown, index: number): void {
  const place = `methods[${index}]`;
  const corrected = typeof method === 'string' ? correctedMethod(method) : undefined;
  const remedy = listRemedy('methods', methods, () => correctedMethods(methods), corrected);
  if (typeof method !== 'string' || !isToken(method)) {
    findings.problem(
      'method-invalid',
      ['methods'],
      method,
      `${place} is ${quoteValue(method)}, which is not the name of a method`,
      `${remedy}.`,
    );
  } else if (isForbiddenMethod(method)) {
    findings.problem(
      'method-forbidden',
      ['methods'],
      method,
      `${place} is ${quoteValue(method)}, a method that no browser sends`,
      `${remedy}; CONNECT, TRACE and TRACK cannot be allowed.`,
    );
  } else if (/[a-z]/.test(normalizeMethod(method))) {
    findings.problem(
      'method-invalid',
      ['methods'],
      method,
      `${place} is ${quoteValue(method)}, but methods are case-sensitive and only DELETE, GET, HEAD, OPTIONS, POST and PUT may be written otherwise`,
      `${remedy}.`,
    );
  }
}
