import fc from 'fast-check';
import { RecentEntries } from '../../../src/resolver/recent-entries.js';

const keysOf = (entries: RecentEntries<string>) => [...entries.values()].sort();
const filled = (limit: number, ...keys: string[]) => {
  const entries = new RecentEntries<string>(limit);
  for (const key of keys) {
    entries.set(key, key);
  }
  return entries;
};

describe('RecentEntries', () => {
  it('replaces the oldest entry beyond its limit', () => {
    const entries = filled(2, 'a', 'b', 'c');
    expect(keysOf(entries)).toEqual(['b', 'c']);
    expect(entries.size).toBe(2);
  });

  it('keeps an entry that was read', () => {
    const entries = filled(2, 'a', 'b');
    expect(entries.get('a')).toBe('a');
    entries.set('c', 'c');
    expect(keysOf(entries)).toEqual(['a', 'c']);
  });

  it('does not count a peek as a use', () => {
    const entries = filled(2, 'a', 'b');
    expect(entries.peek('a')).toBe('a');
    entries.set('c', 'c');
    expect(keysOf(entries)).toEqual(['b', 'c']);
  });

  it('replaces the value of a known key without replacing another entry', () => {
    const entries = filled(2, 'a', 'b');
    entries.set('a', 'new');
    expect(entries.peek('a')).toBe('new');
    expect(keysOf(entries)).toEqual(['b', 'new']);
  });

  it('is usable after it was cleared', () => {
    const entries = filled(2, 'a', 'b');
    entries.clear();
    expect(entries.size).toBe(0);
    for (const key of ['c', 'd', 'e']) {
      entries.set(key, key);
    }
    expect(keysOf(entries)).toEqual(['d', 'e']);
  });

  it('behaves as a list in the order of use', () => {
    const step = fc.record({ kind: fc.constantFrom('get', 'set', 'delete'), key: fc.constantFrom(...'abcdef') });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { minLength: 20, maxLength: 60 }), (limit, steps) => {
        const entries = new RecentEntries<string>(limit);
        let model: string[] = [];
        for (const { kind, key } of steps) {
          const known = model.includes(key);
          const others = model.filter((other) => other !== key);
          if (kind === 'delete') {
            entries.delete(key);
            model = others;
          } else if (kind === 'set') {
            entries.set(key, key);
            model = [key, ...others].slice(0, limit);
          } else {
            expect(entries.get(key)).toBe(known ? key : undefined);
            model = known ? [key, ...others] : model;
          }
          expect(keysOf(entries)).toEqual([...model].sort());
        }
      }),
    );
  });
});
