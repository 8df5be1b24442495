import { describe, expect, it } from '@jest/globals';
import { expiryOf } from '../../../../src/testing/cookies/expiry.js';

const NOW = Date.UTC(2026, 10, 28);
const LONGEST = NOW + 34_560_000_000;
const PAST = 'Thu, 01 Jan 1970 00:00:00 GMT';

/** The tables are measured: until when Chromium 156 stored a cookie with this `Max-Age` and `Expires`. */
describe('Max-Age', () => {
  it.each([
    ['60', NOW + 60_000],
    ['+60', NOW + 60_000],
    ['0', NOW],
    ['-0', NOW],
    ['-1', NOW - 1000],
    ['34560000', LONGEST],
    ['34560001', LONGEST],
    ['99999999999999999999999', LONGEST],
  ])('%s comes before Expires', (maxAge, expiry) => {
    expect(expiryOf(maxAge, PAST, NOW)).toBe(expiry);
  });

  it.each(['', 'abc', '60abc', '-', '-abc', '1.5', '0x10', '"60"'])('%j is ignored', (maxAge) => {
    expect([expiryOf(maxAge, '', NOW), expiryOf(maxAge, PAST, NOW)]).toEqual([undefined, 0]);
  });
});

describe('Expires', () => {
  it.each([
    'Tue, 01 Dec 2026 10:11:12 GMT',
    'Tue, 01-Dec-26 10:11:12 GMT',
    'Tue Dec  1 10:11:12 2026',
    '1 December 2026 10:11:12',
    '1 Decembre 2026 10:11:12',
    '10:11:12 1 dec 26',
    '2026 Dec 1 10:11:12',
    '"Tue, 01 Dec 2026 10:11:12 GMT"',
    'Tue, 01 Dec 2026 10:11:12 +0200',
    '1 Dec 2026 10:11:12 2 Jan 2027',
    '1 Dec 2026 10:11:12 11:12:13',
    '1 Dec 2026 010:11:0012',
    '1 Dec 02026 10:11:12',
    '1 Dec -2026 10:11:12',
    '1 Dec 2026 10:11:12.123',
    'Dec1 2026 1 10:11:12',
  ])('reads %j', (text) => {
    expect(expiryOf('', text, NOW)).toBe(Date.UTC(2026, 11, 1, 10, 11, 12));
  });

  it.each([
    ['01 Dec 2026 1:2:3', Date.UTC(2026, 11, 1, 1, 2, 3)],
    ['01 Dec 70 10:11:12', Date.UTC(1970, 11, 1, 10, 11, 12)],
    ['01 Dec 99 10:11:12', Date.UTC(1999, 11, 1, 10, 11, 12)],
    ['01 Dec 126 10:11:12', Date.UTC(126, 11, 1, 10, 11, 12)],
    ['01 Dec 1600 10:11:12', Date.UTC(1600, 11, 1, 10, 11, 12)],
    ['Mon May 1 Dec 2026 10:11:12', Date.UTC(2026, 4, 1, 10, 11, 12)],
    ['1 2 Dec 2026 10:11:12', Date.UTC(2002, 11, 1, 10, 11, 12)],
    ['26 Dec 1 10:11:12', Date.UTC(2001, 11, 26, 10, 11, 12)],
    ['29 Feb 2028 10:11:12', LONGEST],
    ['01 Dec 69 10:11:12', LONGEST],
    ['01 Dec 9999 10:11:12', LONGEST],
    ['01 Dec 99999 10:11:12', LONGEST],
  ])('reads %j', (text, expiry) => {
    expect(expiryOf('', text, NOW)).toBe(expiry);
  });

  it.each([
    '',
    'foo',
    'Tue, 01 Dec 2026 10:11',
    'Tue, 01 Dec 2026 10:11:60',
    'Tue, 01 Dec 2026 10:60:12',
    'Tue, 01 Dec 2026 24:00:00',
    // 744 hours later is the same day of the next month.
    'Tue, 01 Dec 2026 744:00:00',
    'Wed, 31 Feb 2027 10:11:12',
    'Mon, 29 Feb 2027 10:11:12',
    'Tue, 32 Dec 2026 10:11:12',
    'Tue, 0 Dec 2026 10:11:12',
    '2026-12-01T10:11:12Z',
    '01st Dec 2026 10:11:12',
    '1a Dec 2026 10:11:12',
    '01 Dec 2026th 10:11:12',
    '01 Dec 2026 10:11:12z',
    '01 Dec 2026 10:11:12:13',
    '01 Dec 2026 10::12',
    '1 Dec 2026 99:11:12 10:11:12',
    '1 Dec 2026 1010:11:12',
    '001 Dec 2026 10:11:12',
    '1 Dec 000026 10:11:12',
    '1 Dec 2026 10.11.12',
    '1 Dec 2026\u00e9 10:11:12',
    '31 Feb 1600 00:00:00',
  ])('is ignored if it is %j', (text) => {
    expect(expiryOf('', text, NOW)).toBeUndefined();
  });
});
