import {
  isCorsResponseHeader,
  isForbiddenRequestHeader,
  isForbiddenResponseHeader,
  isPreflightOnlyHeader,
  isRequestOnlyHeader,
  lowerCaseName,
} from '../policy/header-names.js';
import { isToken } from '../policy/http-token.js';
import { POLICY_RULES } from './options/policy-rules.js';
import type { Findings } from './problems/findings.js';
import { quoteValue, sourceText } from './problems/quote-value.js';
import {
  correctedAllowedHeader,
  correctedAllowedHeaders,
  correctedExposedHeader,
  correctedExposedHeaders,
  listRemedy,
} from './remedies/corrected-lists.js';

/** Checks `allowedHeaders`: request headers that scripts can set. */
export function validateAllowedHeaders(findings: Findings): void {
  const headers: unknown = findings.merged.options.allowedHeaders;
  const list = checkedList(findings, 'allowedHeaders', headers, correctedAllowedHeaders);
  for (const [index, header] of list.entries()) {
    const name = checkedName(findings, 'allowedHeaders', list, index, correctedAllowedHeaders, correctedAllowedHeader);
    if (name === undefined) {
      continue;
    }
    const remedy = () => listRemedy('allowedHeaders', list, () => correctedAllowedHeaders(list), undefined);
    if (isForbiddenRequestHeader(name)) {
      findings.problem(
        'header-forbidden',
        ['allowedHeaders'],
        header,
        `allowedHeaders[${index}] is ${quoteValue(header)}, a request header that only the browser itself sets`,
        name.startsWith('cookie')
          ? `${remedy()}; cookies are a matter of \`credentials: true\`.`
          : `${remedy()}; nothing needs to be allowed for it.`,
      );
    } else if (isCorsResponseHeader(name)) {
      findings.problem(
        'header-prohibited',
        ['allowedHeaders'],
        header,
        `allowedHeaders[${index}] is ${quoteValue(header)}, a header of responses, set by this module`,
        `${remedy()}; a client that sends it should stop doing so.`,
      );
    }
  }
  if (findings.merged.options.credentials === true && list.includes('*')) {
    findings.warning(
      'wildcard-headers-with-credentials',
      ['allowedHeaders', 'credentials'],
      "allowedHeaders contains '*' together with credentials: true, so every header name a preflight asks for is allowed",
      "Name the headers clients send, for example `allowedHeaders: ['content-type', 'authorization']`.",
    );
  }
}

/** Checks `exposedHeaders`: response headers that scripts can read. */
export function validateExposedHeaders(findings: Findings): void {
  const headers: unknown = findings.merged.options.exposedHeaders;
  const credentials = findings.merged.options.credentials === true;
  const correctedAll = (value: unknown) => correctedExposedHeaders(value, credentials);
  const list = checkedList(findings, 'exposedHeaders', headers, correctedAll);
  for (const [index, header] of list.entries()) {
    const name = checkedName(findings, 'exposedHeaders', list, index, correctedAll, correctedExposedHeader);
    if (name === undefined) {
      continue;
    }
    const remedy = () => listRemedy('exposedHeaders', list, () => correctedAll(list), undefined);
    if (isForbiddenResponseHeader(name)) {
      findings.problem(
        'header-forbidden',
        ['exposedHeaders'],
        header,
        `exposedHeaders[${index}] is ${quoteValue(header)}, which no browser lets a script read`,
        `${remedy()}; cookies reach the browser without being exposed.`,
      );
    } else if (isRequestOnlyHeader(name)) {
      findings.problem(
        'header-prohibited',
        ['exposedHeaders'],
        header,
        `exposedHeaders[${index}] is ${quoteValue(header)}, a header of requests, which no response carries`,
        `${remedy()}.`,
      );
    } else if (isPreflightOnlyHeader(name)) {
      findings.problem(
        'header-prohibited',
        ['exposedHeaders'],
        header,
        `exposedHeaders[${index}] is ${quoteValue(header)}, which only the answers of preflights carry, and no script reads those`,
        `${remedy()}.`,
      );
    } else if (name === '*' && credentials) {
      findings.problem(
        'credentials-wildcard-expose',
        ['exposedHeaders', 'credentials'],
        header,
        `exposedHeaders[${index}] is '*', which together with credentials: true stands for a header of that name and exposes nothing`,
        `${remedy()} with the names that scripts read, or \`credentials: false\`.`,
      );
    }
  }
}

function checkedList(
  findings: Findings,
  property: 'allowedHeaders' | 'exposedHeaders',
  value: unknown,
  correctedAll: (value: unknown) => readonly string[],
): readonly unknown[] {
  if (value === undefined || Array.isArray(value)) {
    return value ?? [];
  }
  findings.problem(
    'option-type',
    [property],
    value,
    `${property} is ${quoteValue(value)} but must be ${POLICY_RULES[property].must}`,
    `Write \`${property}: ${sourceText(correctedAll(value))}\`.`,
  );
  return [];
}

/** The entry in lower case, or a problem and `undefined` if it is not a header name. */
function checkedName(
  findings: Findings,
  property: 'allowedHeaders' | 'exposedHeaders',
  list: readonly unknown[],
  index: number,
  correctedAll: (value: unknown) => readonly string[],
  correctedOne: (text: string) => string | undefined,
): string | undefined {
  const header = list[index];
  if (typeof header === 'string' && isToken(header)) {
    return lowerCaseName(header);
  }
  const corrected = typeof header === 'string' ? correctedOne(header) : undefined;
  findings.problem(
    'header-invalid',
    [property],
    header,
    `${property}[${index}] is ${quoteValue(header)}, which is not the name of a header`,
    `${listRemedy(property, list, () => correctedAll(list), corrected)}.`,
  );
  return undefined;
}
