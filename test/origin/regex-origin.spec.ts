import { hasNestedQuantifiers, inventedMatch, isAnchored } from '../../src/origin/regex-origin.js';

/** Repeatable numbers from 0 up to 1 (a linear congruential generator). */
function newRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** For expressions that a literal cannot hold here. */
function withFlags(source: string, flags: string): RegExp {
  return new RegExp(source, flags);
}

describe('isAnchored', () => {
  test.each([
    /^https:\/\/a\.example$/,
    /^https:\/\/(a|b)\.example$/,
    /^(?:https?):\/\/(?<name>a|b)$/,
    /^a$|^b$/,
    /(^a$)/,
    /(^a$|^b$)/,
    /(?:^a$)/,
    /(?<all>^a$|(^b$))/,
    /^(a|b)$|(?:^c$)/,
    /^a$/gimsuy,
    /^[|]$/,
    /^[)]$/,
    /^[\]|]$/,
    /^\|$/,
    /^\\$/,
    /^\($/,
    /^(?!x)a$/,
    /^a(?<=x|y)$/,
    /^$/,
    /^a{2}$/,
    /^\u{61}$/u,
    /^\p{L}$/u,
  ])('%p is', (regexp) => {
    expect(isAnchored(regexp)).toBe(true);
  });

  test.each([
    /a/,
    /^a/,
    /a$/,
    /^a|b$/,
    /^a$|b/,
    /^a$|^b/,
    /^a$|b$/,
    /^a$|/,
    /|^a$/,
    /^a\$/,
    /\^a$/,
    /^a[$]/,
    withFlags('[^]a$', ''),
    /[^a]$/,
    /^a\\\$/,
    /(^a)$/,
    /^(a$)/,
    /(^a$)?/,
    /(^a$|b)/,
    /(^a$)b/,
    /(^a)(b$)/,
    /(?=^a$)/,
    /(?<=^a$)/,
    /(?<!^a$)/,
    /(?!^a$)/,
    /(?=a)^a$/,
    /(?:)/,
    /^/,
    /$/,
    /(?:^|\.)a$/,
    /^a(?:$|:)/,
    /[(]^a$/,
  ])('%p is not', (regexp) => {
    expect(isAnchored(regexp)).toBe(false);
  });

  test('nested classes of the v flag hide what is in them', () => {
    expect(isAnchored(withFlags('^[[a-z]--[b\\|]]$', 'v'))).toBe(true);
    expect(isAnchored(withFlags('^a[[a]$]', 'v'))).toBe(false);
    expect(isAnchored(withFlags('^[[a]\\|^b]$', 'v'))).toBe(true);
    expect(isAnchored(withFlags('^[[a]$', ''))).toBe(true);
    expect(isAnchored(withFlags('^[[a]|b]$', ''))).toBe(false);
  });
});

describe('inventedMatch', () => {
  test.each([
    /^.*$/,
    /.*/,
    /.+/g,
    /.+/y,
    /^https:\/\/.*$/,
    /^http:\/\/.*$/,
    /^https?:\/\/[^/]+$/,
    /^https:\/\/[a-z]+\.[a-z]+$/,
    /^https:\/\/[a-z.]+$/,
    /^https:\/\/.+\.com$/,
    /^http:\/\/.+\.org(:\d+)?$/,
    /^http:\/\/.+:\d+$/,
    /^https?:\/\/\d+\.\d+\.\d+\.\d+$/,
    /^http:\/\/\[.*\]:\d+$/,
    /^https?:\/\/(?:\d+\.)+\d+$/,
    /^https:\/\/(?:[a-z-]+\.)+[a-z]+$/,
    /^(?!https:\/\/evil\.example$).*$/,
    /^https:\/\/app\.example\.com.*$/,
    /^https:\/\/(?:app|admin)\.example\.com\S*$/,
    /^https:\/\/app\.example\.com[^/]*:\d+$/,
    /^https:\/\/app\.example\.com[a-z.-]*$/,
    /^https:\/\/[a-z0-9-]+\.example\.com.*$/,
    /^https:\/\/(?:one|two|three|four|five|six|seven|eight|nine)\.example\.com.*$/,
    /^http:\/\/localhost.*$/,
    /^http:\/\/127\.0\.0\.1.*$/,
  ])('finds one for %p', (regexp) => {
    for (let seed = 1; seed <= 20; seed++) expect(inventedMatch(regexp, newRandom(seed))).toMatch(/^https?:/);
  });

  test.each([
    /^https:\/\/a\.example$/,
    /^https:\/\/[a-z]+\.example\.com$/,
    /^https:\/\/(?:[a-z-]+\.)*example\.com$/,
    /^https:\/\/.*\.example\.com$/,
    /^http:\/\/localhost(:\d+)?$/,
    /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/,
    /^http:\/\/192\.168\.\d{1,3}\.\d{1,3}(:\d+)?$/,
    /^https:\/\/pr-\d+\.preview\.example$/,
    /https:\/\//,
    /^https:/,
  ])('finds none for %p', (regexp) => {
    for (let seed = 1; seed <= 20; seed++) expect(inventedMatch(regexp, newRandom(seed))).toBeUndefined();
  });

  test('leaves the expression as it was', () => {
    const regexp = /^.*$/g;
    regexp.lastIndex = 3;
    expect(inventedMatch(regexp, newRandom(1))).toMatch(/^https?:/);
    expect(regexp.lastIndex).toBe(3);
  });

  test.each([() => 0, () => 1 - Number.EPSILON, () => 1])('bears with any source of numbers', (random) => {
    expect(inventedMatch(/^https:\/\/.*$/, random)).toMatch(/^https?:/);
    expect(inventedMatch(/^https:\/\/a\.example$/, random)).toBeUndefined();
  });

  test.each([/^https:\/\/([a-z]+)+\.example$/, /^https:\/\/([a-z.]|\w)+!$/, /^(.+)+!$/])(
    'asks an expression that backtracks, %p, only short questions',
    (regexp) => {
      expect(inventedMatch(regexp, newRandom(1))).toBeUndefined();
    },
  );
});

describe('hasNestedQuantifiers', () => {
  test.each([
    /^(a+)+$/,
    /^(a*)*$/,
    /^(?:a+)*?$/,
    /^(?<name>a+){2,}$/,
    /^(a?b)+$/,
    /^(a{1,3})+$/,
    /^((a+)b)*$/,
    /^((a)+)+$/,
    /^(a|b+)*$/,
    /^(a+){10}$/,
    /^([a-z]+\.)+$/,
    /^(?=(a+)+b)$/,
    /(\u{61}+)+/u,
    /^(\d{1,3})+$/u,
    withFlags('^(\\u{3,5})+$', ''),
  ])('%p has', (regexp) => {
    expect(hasNestedQuantifiers(regexp)).toBe(true);
  });

  test.each([
    /^a+b+$/,
    /^(ab)+$/,
    /^(a+)?$/,
    /^(a+)b$/,
    /^(a+)$/,
    /^a+(b)+$/,
    /^(\d{1,3}\.){3}\d+$/,
    /^(a{3})+$/,
    /^([+*])+$/,
    /^(\+)+$/,
    /^(\\\+)+$/,
    /^(a\u{61})+$/u,
    /^([a-z])+(:\d+)?$/,
    /^(a{,3})+$/,
    withFlags('^([[a]+])+$', 'v'),
    /a+/,
  ])('%p has not', (regexp) => {
    expect(hasNestedQuantifiers(regexp)).toBe(false);
  });
});
