import { describe, expect, it } from '@jest/globals';
import { type EffectivePolicy, PolicyLevels } from '../../../src/boot/policies/policy-levels.js';
import type { PlacedDeclaration } from '../../../src/policy/merge.js';
import { PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';
import type { RouteEntry } from '../../../src/routes/route-entry.js';

const ORIGIN = 'https://app.example.com';
const PARTNER = 'https://partner.example.com';
const policy = new PolicyCompiler().untouched('CorsModule');
const level = (target: string, options: CorsPolicyOptions) => ({ target, options });

const levels = new PolicyLevels({
  fromEnvironment: false,
  applicationWide: level('CorsModule', { origin: ORIGIN, maxAge: 60, enforce: 'all' }),
  policies: new Map([['partners', level('policy "partners"', { origin: PARTNER })]]),
  paths: [
    { path: '/docs', target: 'paths "/docs"', policy: level('paths "/docs"', { maxAge: 5 }) },
    { path: '/shut', target: 'paths "/shut"', policy: false },
    { path: '/named', target: 'paths "/named"', policy: 'partners' },
    { path: '/proxy', target: 'paths "/proxy"', policy: 'untouched' },
  ],
});

function ofRoute(...declarations: PlacedDeclaration[]): EffectivePolicy {
  const entry: Partial<RouteEntry> = { target: 'A.list', policy, declarations };
  return levels.of(entry as RouteEntry);
}

const ofPath = (target: string) => levels.of({ target });
const cors = (target: string, options: CorsPolicyOptions, name?: string): PlacedDeclaration => ({
  target,
  declaration: name === undefined ? { kind: 'cors', options } : { kind: 'cors', policy: name, options },
});

describe('PolicyLevels', () => {
  it('names the level of each option of a handler', () => {
    expect(ofRoute(cors('A', { credentials: true }), cors('A.list', { maxAge: 0 }))).toEqual({
      target: 'A.list',
      options: { origin: ORIGIN, maxAge: 0, enforce: 'all', credentials: true },
      sources: { origin: 'CorsModule', maxAge: 'A.list', enforce: 'CorsModule', credentials: 'A' },
      depths: { origin: 0, maxAge: 2, enforce: 0, credentials: 1 },
      withoutOriginAt: undefined,
      fromEnvironment: false,
    });
  });

  it('starts at a named policy', () => {
    const { options, sources } = ofRoute(cors('A', { maxAge: 1 }), cors('A.list', { credentials: true }, 'partners'));
    expect(options).toEqual({ origin: PARTNER, credentials: true });
    expect(sources).toEqual({ origin: 'policy "partners"', credentials: 'A.list' });
  });

  it('keeps only enforce and enforceReportOnly of a disabled handler', () => {
    const disabled: PlacedDeclaration = { target: 'A.list', declaration: { kind: 'disabled' } };
    expect(ofRoute(cors('A', { enforceReportOnly: true, credentials: true }), disabled)).toMatchObject({
      options: { enforce: 'all', enforceReportOnly: true },
      sources: { enforce: 'CorsModule', enforceReportOnly: 'A' },
    });
  });

  it('keeps only enforce of a disabled handler, and names the decorator', () => {
    const disabled: PlacedDeclaration = { target: 'A.list', declaration: { kind: 'disabled' } };
    expect(ofRoute(cors('A', { enforce: 'unsafe-methods' }), disabled)).toMatchObject({
      options: { enforce: 'unsafe-methods' },
      sources: { enforce: 'A' },
      withoutOriginAt: 'A.list',
    });
  });

  it('has no options of an untouched handler', () => {
    const untouched: PlacedDeclaration = { target: 'A', declaration: { kind: 'untouched' } };
    expect(ofRoute(untouched)).toMatchObject({ options: {}, sources: {}, withoutOriginAt: 'A' });
  });

  it.each([
    ['paths "/docs"', { origin: ORIGIN, maxAge: 5, enforce: 'all' }, 'CorsModule', undefined],
    ['paths "/named"', { origin: PARTNER }, 'policy "partners"', undefined],
    ['paths "/shut"', { enforce: 'all' }, undefined, 'paths "/shut"'],
    ['paths "/proxy"', {}, undefined, 'paths "/proxy"'],
    ['CorsModule', { origin: ORIGIN, maxAge: 60, enforce: 'all' }, 'CorsModule', undefined],
  ])('finds the options of %s', (target, options, source, withoutOriginAt) => {
    const found = ofPath(target);
    expect(found).toMatchObject({ target, withoutOriginAt });
    expect(found.options).toEqual(options);
    expect(found.sources.origin).toBe(source);
  });
});
