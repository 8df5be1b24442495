import type { PolicyProperty } from '../../policy/policy-options.js';
import { quoteValue } from '../../validation/problems/quote-value.js';
import { quoteName, sourceText } from '../../validation/problems/source-text.js';
import { LONGEST_MAX_AGE } from '../../validation/remedies/corrected-values.js';
import { ignoredNames, type NativeOptions } from './native-options.js';
import type { Remarks } from './remarks.js';
import { NOTHING_TO_PREFLIGHT, type TranslatedLists, translateLists } from './translate-lists.js';
import { type TranslatedOrigin, translateOrigin } from './translate-origin.js';
import { addWireDifferences } from './wire-differences.js';

const DEFAULT_STATUS = 204;
/** A note names at most this many options. */
const MOST_NAMED = 8;
/** Options that browsers do not notice. */
const WITHOUT_MEANING: readonly string[] = ['hideOptionsRoute', 'logLevel'];

/** The options of `CorsModule.forRoot()` that mean the same as those of an `enableCors()` call, and what differs. */
export interface TranslatedOptions extends Remarks {
  /** The options, each with its source text, in the order in which they are printed. */
  readonly code: ReadonlyMap<PolicyProperty, string>;
}

/** Translates the options of an `enableCors()` call. The result never allows more, unless a note says so. */
export function translateOptions(options: NativeOptions): TranslatedOptions {
  const remarks: Remarks = { notes: [], differences: [] };
  const { platform, values } = options;
  const isSent = platform === 'express' ? values.credentials === true : Boolean(values.credentials);
  const origin = translateOrigin(options, isSent, remarks);
  if (origin.kind === 'off') {
    return { code: new Map(), ...remarks };
  }
  const credentials = isSent && origin.kind !== 'any';
  noteCredentials(options, origin, remarks);
  const failing: string[] = [];
  const lists = translateLists(options, credentials, remarks, failing);
  const status = readStatus(values.optionsSuccessStatus);
  if (status === undefined) {
    failing.push(`optionsSuccessStatus is ${quoteValue(values.optionsSuccessStatus)}, and browsers want 200 to 299`);
  }
  if (platform === 'fastify' && values.preflight !== true) {
    failing.push(`\`preflight: ${quoteValue(values.preflight)}\` leaves preflights unanswered`);
  }
  const code = codeOf(origin, failing.length > 0 ? { ...lists, ...NOTHING_TO_PREFLIGHT } : lists, credentials);
  if (failing.length > 0) {
    remarks.notes.push(
      `Browsers refuse every preflight of enableCors(), and the code keeps that: ${failing.join('; ')}.`,
    );
  } else {
    addPreflightOptions(code, values.maxAge, status, remarks);
  }
  if (origin.insecure === true) {
    code.set('dangerouslyAllowInsecureOrigins', 'true');
    remarks.notes.push(
      'Anyone on the network path can change pages of `http:` origins: serve them over https:, and remove `dangerouslyAllowInsecureOrigins`.',
    );
  }
  noteOthers(options, remarks);
  if (origin.kind !== 'none') {
    addWireDifferences(options, lists, origin, failing.length > 0, remarks);
  }
  return { code, ...remarks };
}

function codeOf(origin: TranslatedOrigin, lists: TranslatedLists, credentials: boolean): Map<PolicyProperty, string> {
  const code = new Map<PolicyProperty, string>();
  if (origin.code !== undefined) {
    code.set('origin', origin.code);
  }
  code.set('methods', sourceText(lists.methods));
  code.set('allowedHeaders', sourceText(lists.allowedHeaders));
  if (lists.exposedHeaders.length > 0) {
    code.set('exposedHeaders', sourceText(lists.exposedHeaders));
  }
  if (credentials) {
    code.set('credentials', 'true');
  }
  return code;
}

function noteCredentials({ values }: NativeOptions, { kind }: TranslatedOrigin, { notes }: Remarks): void {
  const { credentials } = values;
  if (kind === 'any' && credentials) {
    notes.push("`credentials` is left out: under `'*'` browsers refuse requests with credentials anyway.");
  } else if (credentials && credentials !== true) {
    notes.push(`\`credentials: ${quoteValue(credentials)}\` is ignored on Express, and true on Fastify.`);
  }
}

function addPreflightOptions(
  code: Map<PolicyProperty, string>,
  written: unknown,
  status: number | undefined,
  { notes }: Remarks,
): void {
  const maxAge =
    written === undefined || written === null || written === '' || written === false ? '' : String(written);
  if (/^-?\d+$/.test(maxAge)) {
    code.set('maxAge', String(Math.min(Math.max(Number(maxAge), 0), LONGEST_MAX_AGE)));
  } else if (maxAge !== '') {
    notes.push(`\`maxAge: ${quoteValue(written)}\` is no whole number of seconds, so browsers ignore it.`);
  }
  if (status !== undefined && status !== DEFAULT_STATUS) {
    code.set('optionsSuccessStatus', String(status));
  }
}

/** The status of preflights; `undefined` if browsers refuse them with it. */
function readStatus(written: unknown): number | undefined {
  const status = written === null ? Number.NaN : Math.trunc(Number(written));
  return status >= 200 && status <= 299 ? status : undefined;
}

function noteOthers(options: NativeOptions, { notes }: Remarks): void {
  const { platform, given, values } = options;
  if (values.preflightContinue) {
    notes.push(
      '`preflightContinue` lets your handlers answer preflights. Here no handler sees a preflight: it is answered by these options.',
    );
  }
  if (platform === 'fastify' && values.cacheControl !== undefined) {
    notes.push('`cacheControl` has no translation: preflights carry no `Cache-Control` here.');
  }
  const ignored = new Set([...ignoredNames(options), ...WITHOUT_MEANING.filter((name) => name in given)]);
  if (ignored.size > 0) {
    const named = [...ignored].slice(0, MOST_NAMED).map(quoteName).join(', ');
    notes.push(`Without effect on browsers, and no option here: ${named}.`);
  }
}
