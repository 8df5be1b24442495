import { describe, expect, it } from '@jest/globals';
import { LevelIdentities } from '../../src/boot/level-identities.js';
import type { CorsPolicyOptions } from '../../src/policy/policy-options.js';

const predicate = () => true;
const expression = /^https:\/\/a\.example$/;

/** Whether two levels are numbered alike; what is wrong with their values is none of this test's business. */
function alike(one: object, other: object): boolean {
  const identities = new LevelIdentities();
  return identities.of(one as CorsPolicyOptions) === identities.of(other as CorsPolicyOptions);
}

describe('levels that set the same values', () => {
  it.each([
    ['nothing', {}, {}],
    [
      'a list',
      { origin: ['https://a.example', 'https://b.example'] },
      { origin: ['https://a.example', 'https://b.example'] },
    ],
    ['the same function', { origin: predicate }, { origin: predicate }],
    ['the same expression in lists', { origin: [expression] }, { origin: [expression] }],
    ['in another order of properties', { credentials: true, maxAge: 5 }, { maxAge: 5, credentials: true }],
    ['beside what is inherited', { maxAge: 5 }, Object.assign(Object.create({ credentials: true }), { maxAge: 5 })],
  ])('have one number: %s', (_, one, other) => {
    expect(alike(one, other)).toBe(true);
  });

  it.each([
    ['set or not', { maxAge: undefined }, {}],
    ['a number and its text', { maxAge: 5 }, { maxAge: '5' }],
    ['a truth value and its text', { credentials: true }, { credentials: 'true' }],
    ['null and not a number', { maxAge: null }, { maxAge: Number.NaN }],
    ['infinity and not a number', { maxAge: Number.POSITIVE_INFINITY }, { maxAge: Number.NaN }],
    ['infinity and null', { maxAge: Number.POSITIVE_INFINITY }, { maxAge: null }],
    ['a list and its element', { origin: ['https://a.example'] }, { origin: 'https://a.example' }],
    ['a list of two and one text', { origin: ['a', 'b'] }, { origin: ['a,b'] }],
    ['lists in another order', { methods: ['GET', 'PUT'] }, { methods: ['PUT', 'GET'] }],
    ['functions with the same text', { origin: () => true }, { origin: () => true }],
    ['expressions with the same text', { origin: expression }, { origin: new RegExp(expression) }],
    ['a list nested in a list', { origin: [['a']] }, { origin: ['a'] }],
    ['an object and its JSON', { origin: { reference: 0 } }, { origin: '{"reference":0}' }],
    ['another property', { allowedHeaders: ['a'] }, { exposedHeaders: ['a'] }],
  ])('and others have different ones: %s', (_, one, other) => {
    expect(alike(one, other)).toBe(false);
  });
});
