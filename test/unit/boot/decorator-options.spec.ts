import { describe, expect, it } from '@jest/globals';
import { contentOf } from '../../../src/boot/declarations/decorator-options.js';
import { Interner } from '../../../src/policy/interner.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';

const predicate = () => true;
const expression = /^https:\/\/a\.example$/;

/** Whether two options have equal content. Their values need not be valid. */
function equal(one: object, other: object): boolean {
  const interner = new Interner();
  return contentOf(one as CorsPolicyOptions, interner) === contentOf(other as CorsPolicyOptions, interner);
}

describe('the content of decorator options', () => {
  it.each([
    ['no options', {}, {}],
    [
      'equal lists',
      { origin: ['https://a.example', 'https://b.example'] },
      { origin: ['https://a.example', 'https://b.example'] },
    ],
    ['the same function', { origin: predicate }, { origin: predicate }],
    ['lists with the same expression', { origin: [expression] }, { origin: [expression] }],
    ['another order of properties', { credentials: true, maxAge: 5 }, { maxAge: 5, credentials: true }],
    [
      'options beside inherited properties',
      { maxAge: 5 },
      Object.assign(Object.create({ credentials: true }), { maxAge: 5 }),
    ],
  ])('is equal for %s', (_, one, other) => {
    expect(equal(one, other)).toBe(true);
  });

  it.each([
    ['a property that is set to undefined and one that is not set', { maxAge: undefined }, {}],
    ['a number and its text', { maxAge: 5 }, { maxAge: '5' }],
    ['a boolean and its text', { credentials: true }, { credentials: 'true' }],
    ['null and NaN', { maxAge: null }, { maxAge: Number.NaN }],
    ['infinity and NaN', { maxAge: Number.POSITIVE_INFINITY }, { maxAge: Number.NaN }],
    ['infinity and null', { maxAge: Number.POSITIVE_INFINITY }, { maxAge: null }],
    ['a list and its element', { origin: ['https://a.example'] }, { origin: 'https://a.example' }],
    ['a list of two texts and one text with a comma', { origin: ['a', 'b'] }, { origin: ['a,b'] }],
    ['lists in another order', { methods: ['GET', 'PUT'] }, { methods: ['PUT', 'GET'] }],
    ['functions with the same text', { origin: () => true }, { origin: () => true }],
    ['expressions with the same text', { origin: expression }, { origin: new RegExp(expression) }],
    ['a list and a list in a list', { origin: [['a']] }, { origin: ['a'] }],
    ['an object and its JSON', { origin: { reference: 0 } }, { origin: '{"reference":0}' }],
    ['the same value of two properties', { allowedHeaders: ['a'] }, { exposedHeaders: ['a'] }],
  ])('differs for %s', (_, one, other) => {
    expect(equal(one, other)).toBe(false);
  });
});
