import vm from 'node:vm';
import { isRegExp } from '../../../src/origin/is-regexp.js';

class Sub extends RegExp {
  override get source(): string {
    throw new Error('must not be read');
  }
}

describe('isRegExp', () => {
  it.each<[string, unknown]>([
    ['a literal', /a/],
    ['one of another realm', vm.runInNewContext('/a/')],
    ['one without a prototype', Object.setPrototypeOf(/a/, null)],
    ['a subclass whose source throws', new Sub('a')],
    ['one that is frozen', Object.freeze(/a/)],
  ])('is true for %s', (_, value) => {
    expect(isRegExp(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a text', '/a/'],
    ['undefined', undefined],
    ['null', null],
    ['a function', () => /a/],
    ['the prototype', RegExp.prototype],
    ['an object below the prototype', Object.create(RegExp.prototype)],
    ['an object that looks like one', { [Symbol.toStringTag]: 'RegExp', source: 'a', flags: '', exec: () => null }],
    ['a proxy of one', new Proxy(/a/, {})],
  ])('is false for %s', (_, value) => {
    expect(isRegExp(value)).toBe(false);
  });
});
