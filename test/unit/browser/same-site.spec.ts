import { describe, expect, it } from '@jest/globals';
import { registrableDomain, sameSiteRelation } from '../../../src/browser/same-site.js';

/** Measured in Chromium 156: the `Sec-Fetch-Site` of a page's request to a URL. */
describe('sameSiteRelation', () => {
  it.each([
    ['https://app.shop.test', 'https://app.shop.test/orders?a=1', 'same-origin'],
    ['https://app.shop.test', 'https://app.shop.test:8443', 'same-site'],
    ['https://app.shop.test', 'https://api.shop.test', 'same-site'],
    ['https://app.shop.test', 'https://shop.test', 'same-site'],
    ['https://app.shop.test', 'https://api.other.test', 'cross-site'],
    ['https://app.shop.test', 'https://evilshop.test', 'cross-site'],
    ['https://app.shop.test', 'https://test', 'cross-site'],
    // A site has one scheme.
    ['http://app.shop.test', 'https://app.shop.test', 'cross-site'],
    ['https://app.shop.test', 'http://api.shop.test', 'cross-site'],
    ['capacitor://localhost', 'http://localhost', 'cross-site'],
    // Strangers can have names below these suffixes.
    ['https://a.vercel.app', 'https://b.vercel.app', 'cross-site'],
    ['https://a.vercel.app', 'https://x.a.vercel.app', 'same-site'],
    ['https://a.vercel.app', 'https://vercel.app', 'cross-site'],
    ['https://a.example.co.uk', 'https://b.example.co.uk', 'same-site'],
    ['https://a.co.uk', 'https://b.co.uk', 'cross-site'],
    ['https://x.a.b.run.app', 'https://y.a.b.run.app', 'same-site'],
    ['https://a.b.run.app', 'https://c.b.run.app', 'cross-site'],
    ['https://a.evilvercel.app', 'https://b.evilvercel.app', 'same-site'],
    // Any name below `localhost` is a site.
    ['http://app.shop.localhost', 'http://api.shop.localhost:3000', 'same-site'],
    ['http://app.shop.localhost', 'http://shop.localhost', 'same-site'],
    ['http://app.shop.localhost', 'http://evil.localhost', 'cross-site'],
    ['http://app.shop.localhost', 'http://localhost', 'cross-site'],
    ['http://app.localhost', 'http://api.localhost', 'cross-site'],
    ['http://localhost:4200', 'http://localhost:3000', 'same-site'],
    ['http://localhost', 'http://app.localhost', 'cross-site'],
    ['http://localhost', 'http://127.0.0.1', 'cross-site'],
    // An address is a site, and no name.
    ['http://127.0.0.1:4200', 'http://127.0.0.1:3000', 'same-site'],
    ['http://127.0.0.1', 'http://127.0.0.2', 'cross-site'],
    ['http://10.1.2.3', 'http://11.1.2.3', 'cross-site'],
    ['http://[::1]:4200', 'http://[::1]:3000', 'same-site'],
    ['http://[::1]', 'http://[::2]', 'cross-site'],
    // A dot at the end belongs to the name.
    ['https://a.example.com.', 'https://b.example.com.', 'same-site'],
    ['https://a.example.com.', 'https://b.example.com', 'cross-site'],
    ['https://a.example.com.', 'https://b.other.com.', 'cross-site'],
    ['null', 'https://app.shop.test', 'cross-site'],
  ])('of %s to %s is %s', (origin, url, relation) => {
    expect(sameSiteRelation(origin, new URL(url))).toBe(relation);
  });
});

describe('registrableDomain', () => {
  it.each([
    ['a.b.example.com', 'example.com'],
    ['example.com', 'example.com'],
    ['a.b.example.co.uk', 'example.co.uk'],
    ['b.a.vercel.app', 'a.vercel.app'],
    ['a.shop.localhost', 'shop.localhost'],
    ['shop.localhost', 'shop.localhost'],
    ['bucket.s3.amazonaws.com', 'bucket.s3.amazonaws.com'],
    ['console.amazonaws.com', 'amazonaws.com'],
    ['com', undefined],
    ['co.uk', undefined],
    ['vercel.app', undefined],
    ['localhost', undefined],
    ['127.0.0.1', undefined],
    ['[::1]', undefined],
    ['', undefined],
  ])('of %j is %j', (host, domain) => {
    expect(registrableDomain(host)).toBe(domain);
  });
});
