import { isSafelistedMethod, normalizeMethod } from '../methods.js';
import type { Findings } from './findings.js';
import { sourceText } from './quote-value.js';

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
