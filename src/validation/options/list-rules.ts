import {
  isCorsResponseHeader,
  isForbiddenRequestHeader,
  isForbiddenResponseHeader,
  isPreflightOnlyHeader,
  isRequestOnlyHeader,
  lowerCaseName,
} from '../../policy/header-names.js';
import { isToken } from '../../policy/http-token.js';
import { isForbiddenMethod, normalizeMethod } from '../../policy/methods.js';
import type { ProblemCode } from '../problems/problem.js';

/** The options that are lists of names. */
export type ListProperty = 'methods' | 'allowedHeaders' | 'exposedHeaders';

/** A reason why an entry of a list is invalid. */
export interface EntryFault {
  readonly code: ProblemCode;
  /** @param name the entry in its normalized form */
  readonly applies: (name: string) => boolean;
  /** Whether the entry is only wrong together with `credentials: true`. */
  readonly withCredentials?: true;
  /** Completes "allowedHeaders[0] is 'Cookie', ". */
  readonly fault: string;
  /** A sentence that follows the corrected code. */
  readonly advice?: string;
}

/** The rules for the entries of one list. */
export interface ListRule {
  readonly kind: 'method' | 'header';
  /** A valid list, for remedies. */
  readonly example: readonly string[];
  /** The form in which names are compared. */
  readonly normalize: (name: string) => string;
  readonly faults: readonly EntryFault[];
}

/** The rules for the entries of each list. */
export const LIST_RULES: { readonly [property in ListProperty]: ListRule } = Object.freeze({
  methods: {
    kind: 'method',
    example: ['GET', 'PUT'],
    normalize: normalizeMethod,
    faults: [
      {
        code: 'method-forbidden',
        applies: isForbiddenMethod,
        fault: 'which browsers never send',
        advice: 'CONNECT, TRACE and TRACK cannot be allowed.',
      },
      {
        code: 'method-invalid',
        applies: (name: string) => /[a-z]/.test(name),
        fault: 'but methods are case-sensitive, and only DELETE, GET, HEAD, OPTIONS, POST and PUT may be in lower case',
      },
    ],
  },
  allowedHeaders: {
    kind: 'header',
    example: ['content-type', 'authorization'],
    normalize: lowerCaseName,
    faults: [
      {
        code: 'header-forbidden',
        applies: (name: string) => name === 'cookie' || name === 'cookie2',
        fault: 'which only the browser can set',
        advice: 'To allow cookies, set `credentials: true`.',
      },
      {
        code: 'header-forbidden',
        applies: isForbiddenRequestHeader,
        fault: 'which only the browser can set',
        advice: 'Browsers send this header without permission.',
      },
      {
        code: 'header-prohibited',
        applies: isCorsResponseHeader,
        fault: 'a response header that this module sets',
        advice: 'Clients should not send it.',
      },
    ],
  },
  exposedHeaders: {
    kind: 'header',
    example: ['x-total-count'],
    normalize: lowerCaseName,
    faults: [
      {
        code: 'header-forbidden',
        applies: isForbiddenResponseHeader,
        fault: 'which scripts can never read',
        advice: 'Browsers store cookies without it.',
      },
      {
        code: 'header-prohibited',
        applies: isRequestOnlyHeader,
        fault: 'a request header, which responses do not have',
      },
      {
        code: 'header-prohibited',
        applies: isPreflightOnlyHeader,
        fault: 'which only responses to preflights have, and scripts cannot read those',
      },
      {
        code: 'credentials-wildcard-expose',
        applies: (name: string) => name === '*',
        withCredentials: true,
        fault: 'which exposes nothing together with `credentials: true`: browsers then read it as a header name',
        advice: 'Name the headers that scripts read, or set `credentials: false`.',
      },
    ],
  },
});

/** The first fault of an entry, `undefined` for a valid one. */
export function findFault(
  { kind, normalize, faults }: ListRule,
  entry: unknown,
  credentials: boolean,
): Omit<EntryFault, 'applies'> | undefined {
  if (typeof entry !== 'string' || !isToken(entry)) {
    return { code: `${kind}-invalid`, fault: `which is not a ${kind} name` };
  }
  const name = normalize(entry);
  return faults.find((fault) => (credentials || !fault.withCredentials) && fault.applies(name));
}
