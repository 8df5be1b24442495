import { isDigit, ZERO } from './characters.js';

/** The highest TCP port. */
export const MAX_PORT = 65535;

/**
 * Reads a port as origins write it, from `start` to the end of the text: one to five digits, no leading zero.
 *
 * @returns the port, 1 to 65535, or -1
 */
export function readPort(text: string, start: number): number {
  const digits = text.length - start;
  if (digits < 1 || digits > 5 || text.charCodeAt(start) === ZERO) {
    return -1;
  }
  let port = 0;
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (!isDigit(code)) {
      return -1;
    }
    port = port * 10 + (code - ZERO);
  }
  return port > MAX_PORT ? -1 : port;
}
