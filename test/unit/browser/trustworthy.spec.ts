import { describe, expect, it } from '@jest/globals';
import { isMixedContent, isTrustworthy } from '../../../src/browser/trustworthy.js';

describe('a trustworthy URL', () => {
  it.each([
    'https://api.example.com',
    'http://localhost',
    'http://localhost:3000',
    'http://api.shop.localhost',
    'http://127.0.0.1:80',
    'http://127.8.9.10',
    'http://[::1]:3000',
  ])('is %s', (url) => {
    expect(isTrustworthy(new URL(url))).toBe(true);
  });

  it.each([
    'http://api.example.com',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://128.0.0.1',
    'http://[::2]',
    'http://127.0.0.1.example.com',
  ])('is not %s', (url) => {
    expect(isTrustworthy(new URL(url))).toBe(false);
  });
});

describe('mixed content', () => {
  it.each([
    ['https://app.example.com', 'http://api.example.com', true],
    ['https://app.example.com', 'http://localhost:3000', false],
    ['https://app.example.com', 'https://api.example.com', false],
    ['http://app.example.com', 'http://api.example.com', false],
    ['null', 'http://api.example.com', false],
  ])('of a page of %s that fetches %s: %s', (origin, url, mixed) => {
    expect(isMixedContent(origin, new URL(url))).toBe(mixed);
  });
});
