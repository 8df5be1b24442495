import { readOriginPattern } from '../../../src/origin/pattern/origin-pattern.js';
import { coversStrangers } from '../../../src/origin/pattern/shared-hosts.js';

function covers(text: string): boolean {
  const pattern = readOriginPattern(text);
  if (typeof pattern === 'string') {
    throw new Error(`${text} ${pattern}.`);
  }
  return coversStrangers(pattern);
}

describe('coversStrangers', () => {
  it.each([
    'https://*.com',
    'https://*.com:8443',
    'https://*.dev:*',
    'https://*.co.uk',
    'https://*.com.au',
    'https://*.co.jp',
    'https://*.com.br:*',
    'http://*.org.nz',
    // The registries of most countries have these labels.
    'https://*.com.sv',
    'https://*.co.zw',
    'https://*.edu.ee',
    'https://*.gr.jp',
    'https://*.vercel.app',
    'https://*.netlify.app',
    'https://*.pages.dev',
    'https://*.workers.dev',
    'https://*.github.io',
    'https://*.web.app',
    'https://*.herokuapp.com',
    'https://*.onrender.com',
    'https://*.azurewebsites.net',
    'https://app-*.vercel.app',
    'https://app-git-*-acme.vercel.app',
    'https://*-acme.netlify.app',
    'https://shop-*.co.uk',
    // A host with a region in it.
    'https://*.eu-west-1.elb.amazonaws.com',
    'https://*.westeurope.azurestaticapps.net',
    // Any second label of some countries is a public suffix.
    'https://*.com.bd',
    'https://*.gov.np',
    // The star is any number of labels, so it covers the shared host below.
    'https://*.amazonaws.com',
    'https://*.windows.net',
    'https://*.railway.app',
    'https://*.github.dev',
  ])('is true for %s', (text) => {
    expect(covers(text)).toBe(true);
  });

  it.each([
    'https://*.example.com',
    'https://app-*.example.com',
    'https://com',
    'https://com:*',
    'https://vercel.app',
    'https://acme.vercel.app',
    'https://*.acme.vercel.app',
    'https://app-*.acme.vercel.app',
    'https://*.example.co.uk',
    'https://*.com.example',
    'https://*.acme.uk',
    'https://*.evilvercel.app',
    'https://*.vercel.app.example.com',
    'https://*.co.uk.example.com',
    'https://*.example.com.bd',
    'https://*.my-bucket.s3.amazonaws.com',
    // One label only: it does not reach the shared hosts below.
    'https://app-*.amazonaws.com',
    'http://*.localhost',
    'http://*.localhost:*',
    'http://app-*.localhost:3000',
    'http://*.dev.localhost',
    'capacitor://localhost',
  ])('is false for %s', (text) => {
    expect(covers(text)).toBe(false);
  });
});
