import { MAX_PORT } from '../grammar/origin-ports.js';
import { readDefaultPort } from '../grammar/schemes.js';

/** A sign of a mistake, and the end of a sentence that begins with the text. */
export type Fault = readonly [sign: RegExp, sentence: string];

export const STAR_IN_ADDRESS = 'has a star in or before an IP address; a star stands for a part of a name';

/** The first fault whose sign is in a text. */
export function findFault(faults: readonly Fault[], text: string): string | undefined {
  return faults.find(([sign]) => sign.test(text))?.[1];
}

/** Texts without a fault of this kind. Nearly all are, and need not be compared with every sign. */
const PLAIN_TEXT = /^[a-z][a-z\d+.-]*:\/\/[!-[\]-~]*$/i;

/** The characters are judged by the first that is not printable ASCII. */
const TEXT_FAULTS: readonly Fault[] = [
  [/^$/, 'is empty'],
  [/^\s+$/, 'is blank'],
  [/^\s/, 'begins with white space'],
  [/\s$/, 'ends with white space'],
  [/^[!-~]*[\t-\r ]/, 'contains white space'],
  [/^[!-~]*[^ -~\u0080-\uffff]/, 'contains a control character'],
  [/[^!-~]/, 'contains characters outside ASCII; browsers send them encoded'],
  [/\\/, 'contains a backslash'],
  [/^(?!.*:\/\/)/, 'has no scheme; an origin begins with one, such as https://'],
  [/^(?:(?!:\/\/)[^*])*\*.*:\/\//, 'has a star for its scheme; name the scheme'],
  [/^(?![a-z][a-z\d+.-]*:\/\/)/i, 'does not begin with a scheme'],
];

const PLAIN_AUTHORITY = /^[^/?#@[\]:]+(?::[^/?#@[\]:]*)?$/;
const AUTHORITY_FAULTS: readonly Fault[] = [
  [/^$|^\//, 'has no host'],
  [/^[^/#]*\?/, 'has a query; an origin ends with its host or port'],
  [/^[^/]*#/, 'has a fragment; an origin ends with its host or port'],
  [/^[^/]*\/$/, 'has a trailing slash; an origin ends with its host or port'],
  [/\//, 'has a path; an origin ends with its host or port'],
  [/@/, 'has a user name; an origin is a scheme, a host and a port'],
  [/^\*\.\[/, STAR_IN_ADDRESS],
  [/^[^[]+\[/, 'has a bracket inside its host'],
  [/^\[[^\]]*$/, 'has an opening bracket without its closing one'],
  [/^\[[^\]]*\][^:]/, 'has characters between its closing bracket and its port'],
  [/^[^[:]*:.*:/, 'has more than one colon; IPv6 addresses stand in brackets'],
  [/^:/, 'has no host'],
];

const PORT_FAULTS: readonly Fault[] = [
  [/^$/, 'has a colon without a port'],
  [/\*/, 'has a star for a part of its port; a star stands for the whole port'],
  [/\D/, 'has a port that is not a number'],
  [/^0$/, 'has port 0; ports are 1 to 65535'],
  [/^0/, 'has a port with a leading zero'],
];

/** A fault in the characters of a text, or in its scheme. */
export function findTextFault(text: string): string | undefined {
  return PLAIN_TEXT.test(text) ? undefined : findFault(TEXT_FAULTS, text);
}

/** A fault of what follows `://`. Without one it is a host, or a host, a colon and a port. */
export function findAuthorityFault(authority: string): string | undefined {
  return PLAIN_AUTHORITY.test(authority) ? undefined : findFault(AUTHORITY_FAULTS, authority);
}

/** @param port as written, without the colon */
export function findPortFault(scheme: string, port: string): string | undefined {
  if (port === '*') {
    return undefined;
  }
  const fault = findFault(PORT_FAULTS, port) ?? (Number(port) > MAX_PORT ? `has a port above ${MAX_PORT}` : undefined);
  const isDefault = Number(port) === readDefaultPort(scheme);
  return fault ?? (isDefault ? `names the default port of ${scheme}:, which browsers leave out` : undefined);
}
