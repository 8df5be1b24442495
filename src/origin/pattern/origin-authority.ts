import { MAX_PORT } from '../grammar/origin-ports.js';
import { readDefaultPort } from '../grammar/schemes.js';

export const STAR_IN_ADDRESS = 'has a star in or before an IP address; a star stands for a part of a name';

/**
 * Splits what follows `://` into host and port. A port that is not written is `undefined`.
 *
 * @returns host and port, or what is wrong as the end of a sentence that begins with the text
 */
export function splitAuthority(rest: string): readonly [host: string, port: string | undefined] | string {
  if (rest === '') {
    return 'has no host';
  }
  for (let index = 0; index < rest.length; index++) {
    const character = rest.charAt(index);
    if (character === '?') {
      return 'has a query; an origin ends with its host or port';
    }
    if (character === '#') {
      return 'has a fragment; an origin ends with its host or port';
    }
    if (character !== '/') {
      continue;
    }
    if (index === 0) {
      return 'has no host';
    }
    if (index === rest.length - 1) {
      return 'has a trailing slash; an origin ends with its host or port';
    }
    return 'has a path; an origin ends with its host or port';
  }
  if (rest.includes('@')) {
    return 'has a user name; an origin is a scheme, a host and a port';
  }
  const bracket = rest.indexOf('[');
  if (bracket > 0) {
    return rest.startsWith('*.[') ? STAR_IN_ADDRESS : 'has a bracket inside its host';
  }
  const hostEnd = bracket === 0 ? rest.indexOf(']') + 1 : rest.indexOf(':');
  if (bracket === 0) {
    if (hostEnd === 0) {
      return 'has an opening bracket without its closing one';
    }
    if (hostEnd === rest.length) {
      return [rest, undefined];
    }
    if (rest.charAt(hostEnd) !== ':') {
      return 'has characters between its closing bracket and its port';
    }
  } else {
    if (hostEnd === -1) {
      return [rest, undefined];
    }
    if (rest.indexOf(':', hostEnd + 1) !== -1) {
      return 'has more than one colon; IPv6 addresses stand in brackets';
    }
    if (hostEnd === 0) {
      return 'has no host';
    }
  }
  return [rest.slice(0, hostEnd), rest.slice(hostEnd + 1)];
}

/** @returns what is wrong with a written port, as the end of a sentence that begins with the text */
export function findPortFault(scheme: string, port: string): string | undefined {
  if (port === '*') {
    return undefined;
  }
  if (port === '') {
    return 'has a colon without a port';
  }
  if (port.includes('*')) {
    return 'has a star for a part of its port; a star stands for the whole port';
  }
  for (let index = 0; index < port.length; index++) {
    if (port.charAt(index) < '0' || port.charAt(index) > '9') {
      return 'has a port that is not a number';
    }
  }
  if (port === '0') {
    return 'has port 0; ports are 1 to 65535';
  }
  if (port.startsWith('0')) {
    return 'has a port with a leading zero';
  }
  if (port.length > 5 || Number(port) > MAX_PORT) {
    return `has a port above ${MAX_PORT}`;
  }
  return Number(port) === readDefaultPort(scheme)
    ? `names the default port of ${scheme}:, which browsers leave out`
    : undefined;
}
