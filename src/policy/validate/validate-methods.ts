import { isToken } from '../http-token.js';
import { isForbiddenMethod, normalizeMethod } from '../methods.js';
import { POLICY_RULES } from '../options/policy-rules.js';
import { correctedMethod, correctedMethods } from './corrected-lists.js';
import type { Findings } from './findings.js';
import { listRemedy } from './list-remedy.js';
import { quoteValue, sourceText } from './quote-value.js';

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
