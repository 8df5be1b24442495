import type { PageHeader } from '../../browser/page-request.js';
import { lowerCaseName } from '../../policy/header-names.js';

const WHOLE = /^\d+$/;
const DECIMAL = /^\d+(?:\.\d+)?$/;

/** Headers of the page that Chromium sends without permission, with these values. The Fetch standard does not list them. */
const SENT_WITHOUT_PERMISSION: ReadonlyMap<string, RegExp> = new Map([
  ['device-memory', DECIMAL],
  ['downlink', DECIMAL],
  ['dpr', DECIMAL],
  ['ect', /^(?:slow-2g|[234]g)$/],
  ['intervention', /^/],
  ['rtt', WHOLE],
  ['save-data', /^on$/i],
  ['viewport-width', WHOLE],
  ['width', WHOLE],
]);

/** Whether Chromium sends a header of the page without a preflight, although the standard asks for one. */
export function isSentWithoutPermission({ name, value }: Required<PageHeader>): boolean {
  return value.length <= 128 && SENT_WITHOUT_PERMISSION.get(lowerCaseName(name))?.test(value) === true;
}

const CLIENT_HINTS: ReadonlySet<string> = new Set([
  'device-memory',
  'downlink',
  'dpr',
  'ect',
  'rtt',
  'viewport-width',
  'width',
]);

/**
 * Whether a header stays behind when a redirect leads to another origin than the page's, whatever its value.
 * @param name in lower case
 */
export function isForOwnOrigin(name: string): boolean {
  return CLIENT_HINTS.has(name);
}
