import { COLON, DOT, isDigit, isLowerCaseHexDigit, LOWER_X, ZERO } from './characters.js';

const LONGEST_IPV4 = 15;
const LONGEST_IPV6 = 39;
const IPV6_PIECES = 8;

/**
 * Whether `text` from `start` to `end` is an IPv4 address as browsers serialize it: four decimal numbers up to 255,
 * without leading zeros.
 *
 * @see https://url.spec.whatwg.org/#concept-ipv4-serializer
 */
export function isCanonicalIpv4(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_IPV4) {
    return false;
  }
  let numbers = 0;
  let digits = 0;
  let value = 0;
  for (let index = start; index <= end; index++) {
    const code = index === end ? DOT : text.charCodeAt(index);
    if (code === DOT) {
      if (digits === 0 || value > 255) {
        return false;
      }
      numbers++;
      digits = 0;
      value = 0;
    } else {
      if (!isDigit(code) || (digits > 0 && value === 0)) {
        return false;
      }
      digits++;
      value = value * 10 + (code - ZERO);
    }
  }
  return numbers === 4;
}

/**
 * Whether a URL parser reads `text` from `start` to `end` as a number, decimal or hexadecimal. A host whose last label
 * is a number is an IPv4 address or invalid.
 *
 * @see https://url.spec.whatwg.org/#ends-in-a-number-checker
 */
export function isIpv4Number(text: string, start: number, end: number): boolean {
  if (start >= end) {
    return false;
  }
  const hexadecimal = text.charCodeAt(start) === ZERO && start + 1 < end && text.charCodeAt(start + 1) === LOWER_X;
  for (let index = hexadecimal ? start + 2 : start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (hexadecimal ? !isLowerCaseHexDigit(code) : !isDigit(code)) {
      return false;
    }
  }
  return true;
}

/**
 * Whether `text` from `start` to `end` (without the brackets) is an IPv6 address as browsers serialize it: RFC 5952,
 * with IPv4-mapped addresses in hexadecimal too. Zone identifiers are refused.
 *
 * @see https://url.spec.whatwg.org/#concept-ipv6-serializer
 */
export function isCanonicalIpv6(text: string, start: number, end: number): boolean {
  if (end - start < 2 || end - start > LONGEST_IPV6) {
    return false;
  }
  let index = start;
  let pieces = 0;
  let piecesBeforeGap = -1;
  let zeros = 0;
  let longestZerosBefore = 0;
  let longestZerosAfter = 0;
  if (text.charCodeAt(start) === COLON) {
    if (text.charCodeAt(start + 1) !== COLON) {
      return false;
    }
    piecesBeforeGap = 0;
    index += 2;
  }
  while (index < end) {
    const pieceStart = index;
    while (index < end && isLowerCaseHexDigit(text.charCodeAt(index))) {
      index++;
    }
    const digits = index - pieceStart;
    const startsWithZero = text.charCodeAt(pieceStart) === ZERO;
    if (digits === 0 || digits > 4 || (digits > 1 && startsWithZero)) {
      return false;
    }
    if (startsWithZero) {
      // A zero beside the gap should be a part of it.
      if (piecesBeforeGap === pieces) {
        return false;
      }
      zeros++;
    } else {
      zeros = 0;
    }
    pieces++;
    if (piecesBeforeGap === -1) {
      longestZerosBefore = Math.max(longestZerosBefore, zeros);
    } else {
      longestZerosAfter = Math.max(longestZerosAfter, zeros);
    }
    if (index === end) {
      break;
    }
    if (text.charCodeAt(index) !== COLON || ++index === end) {
      return false;
    }
    if (text.charCodeAt(index) === COLON) {
      if (piecesBeforeGap !== -1 || zeros > 0) {
        return false;
      }
      piecesBeforeGap = pieces;
      index++;
    }
  }
  if (piecesBeforeGap === -1) {
    return pieces === IPV6_PIECES && longestZerosBefore < 2;
  }
  // The gap stands for the longest run of zeros, or the first of several.
  const gap = IPV6_PIECES - pieces;
  return gap >= 2 && longestZerosBefore < gap && longestZerosAfter <= gap;
}
