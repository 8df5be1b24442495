import { isToken } from '../../policy/http-token.js';
import { findFault, LIST_RULES, type ListProperty } from '../../validation/options/list-rules.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import type { NativeOptions } from './native-options.js';
import type { Remarks } from './remarks.js';

/** The methods that need no permission. Browsers send them even if a preflight does not list them. */
const SAFELISTED_METHODS: readonly string[] = Object.freeze(['GET', 'HEAD', 'POST']);

/** The lists of names of an `enableCors()` call. */
export interface TranslatedLists {
  readonly methods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
}

/** The lists that allow nothing that needs a preflight. */
export const NOTHING_TO_PREFLIGHT = Object.freeze({
  methods: SAFELISTED_METHODS,
  allowedHeaders: Object.freeze([]) as readonly string[],
});

/**
 * Translates the lists of names. They allow no more than the headers that the library sends.
 *
 * @param credentials whether requests carry credentials. Browsers then read `*` as a name.
 * @param failing receives why browsers refuse every preflight
 */
export function translateLists(
  options: NativeOptions,
  credentials: boolean,
  remarks: Remarks,
  failing: string[],
): TranslatedLists {
  const { platform, values } = options;
  const isExpress = platform === 'express';
  const read = (property: ListProperty, header: string | undefined) => {
    const names = namesIn(header ?? '');
    if (names.every(isToken)) {
      return validNames(property, names, credentials, remarks);
    }
    const consequence = `${property} is ${quoteValue(values[property])}, and browsers cannot read that list`;
    if (property === 'exposedHeaders') {
      remarks.notes.push(`${consequence}.`);
    } else {
      failing.push(consequence);
    }
    return [];
  };
  if (isExpress && (values.methods === undefined || values.methods === null)) {
    failing.push(`methods is ${quoteValue(values.methods)}, and \`cors\` answers preflights with 500`);
  }
  const methods = read('methods', headerText(values.methods));
  const requested = isExpress ? values.allowedHeaders || values.headers : values.allowedHeaders;
  const isReflected = isExpress ? !requested : requested === null;
  const isSent = !isExpress || Boolean((requested as { length?: number } | undefined)?.length);
  const allowedHeaders = isReflected
    ? ['*', ...(credentials ? [] : ['authorization'])]
    : read('allowedHeaders', isSent ? headerText(requested) : undefined);
  if (!isReflected && allowedHeaders.includes('*') && !allowedHeaders.includes('authorization')) {
    remarks.notes.push("`'*'` does not include `authorization` here: add it to `allowedHeaders` if pages send it.");
  }
  return {
    methods: methods.length === 0 ? SAFELISTED_METHODS : methods,
    allowedHeaders,
    exposedHeaders: values.exposedHeaders ? read('exposedHeaders', headerText(values.exposedHeaders)) : [],
  };
}

/** The header that the library sends for a list. */
function headerText(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value ?? '');
}

/** @see https://fetch.spec.whatwg.org/#header-value-get-decode-and-split */
function namesIn(header: string): readonly string[] {
  return header
    .split(',')
    .map((name) => name.replace(/^[\t ]+|[\t ]+$/g, ''))
    .filter((name) => name !== '');
}

function validNames(
  property: ListProperty,
  names: readonly string[],
  credentials: boolean,
  { notes }: Remarks,
): readonly string[] {
  const valid = new Set<string>();
  const unmatched: string[] = [];
  for (const written of names) {
    const name = property === 'methods' ? written : written.toLowerCase();
    const isStar = name === '*' && credentials;
    const isUnmatched = property === 'methods' && name !== name.toUpperCase();
    if (isStar) {
      notes.push(`With credentials browsers read \`'*'\` in \`${property}\` as a name, so it is left out.`);
    } else if (isUnmatched) {
      unmatched.push(`'${name}'`);
    } else if (findFault(LIST_RULES[property], name, credentials) === undefined) {
      valid.add(name);
    }
  }
  if (unmatched.length > 0) {
    notes.push(
      `Methods are case-sensitive, so these in \`methods\` allow nothing and are left out: ${unmatched.join(', ')}.`,
    );
  }
  return [...valid];
}
