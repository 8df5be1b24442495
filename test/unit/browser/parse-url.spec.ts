import { expect, it } from '@jest/globals';
import { parseUrl } from '../../../src/browser/page-request.js';

// `URL.canParse` stops doing so in Node.js 20 and 22, after some thousand calls.
it('parses a URL with letters beyond ASCII, however often', () => {
  const urls = ['https://app.example.com', 'https://bücher.example', 'http://localhost/ä'];
  let parsed = 0;
  for (let round = 0; round < 10_000; round++) {
    parsed += urls.filter(
      (url) => parseUrl(url) !== undefined && parseUrl(url, 'http://localhost') !== undefined,
    ).length;
  }
  expect(parsed).toBe(30_000);
});

it('is undefined for what is no URL', () => {
  expect([parseUrl('/orders'), parseUrl('http://'), parseUrl('http://', 'http://localhost')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(parseUrl('/orders', 'http://localhost')?.href).toBe('http://localhost/orders');
});
