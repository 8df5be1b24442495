import { quoteValue } from '../../validation/problems/quote-value.js';
import type { NativeOptions } from './native-options.js';
import type { Remarks } from './remarks.js';
import type { TranslatedLists } from './translate-lists.js';
import type { TranslatedOrigin } from './translate-origin.js';

/** Adds what changes on the wire if an `enableCors()` call is replaced by its translation. */
export function addWireDifferences(
  { platform, values }: NativeOptions,
  { methods, allowedHeaders }: TranslatedLists,
  { kind }: TranslatedOrigin,
  preflightsFail: boolean,
  { differences }: Remarks,
): void {
  const isExpress = platform === 'express';
  const status = quoteValue(values.optionsSuccessStatus);
  const allowsAll = kind === 'any' && methods.includes('*') && allowedHeaders.includes('*');
  if (values.preflightContinue) {
    differences.push('Preflights do not reach your handlers; refused ones get 403.');
  } else if (preflightsFail) {
    differences.push('Preflights get 204 or 403.');
  } else if (!allowsAll) {
    const passedOn = typeof values.origin === 'function' && kind !== 'any' ? ' or 404' : '';
    differences.push(`A refused preflight gets 403, not ${status}${passedOn}.`);
  }
  differences.push('An allowed preflight lists only the method and the headers that it asks for.');
  const before = optionsAnswer(isExpress, values);
  if (before !== undefined) {
    differences.push(
      `OPTIONS without \`Access-Control-Request-Method\` reaches your handlers; enableCors() answers it with ${before}.`,
    );
  }
  if (isExpress) {
    differences.push(
      'Routes registered before the call have no headers of enableCors(), and get them now: Swagger above all.',
    );
  } else if (values.hook !== undefined && values.hook !== 'onRequest') {
    differences.push(
      `Responses that end before the hook ${quoteValue(values.hook)} have no headers of enableCors(), and get them now.`,
    );
  }
}

/** The answer to an OPTIONS request that is no preflight; `undefined` if handlers get it. */
function optionsAnswer(isExpress: boolean, values: NativeOptions['values']): string | undefined {
  if (!isExpress && values.preflight !== true) {
    return undefined;
  }
  if (!isExpress && values.strictPreflight === true) {
    return '400';
  }
  return values.preflightContinue ? undefined : quoteValue(values.optionsSuccessStatus);
}
