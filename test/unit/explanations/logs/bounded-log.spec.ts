import { describe, expect, it } from '@jest/globals';
import { BoundedLog } from '../../../../src/explanations/logs/bounded-log.js';

function at(start = 0) {
  const clock = { now: start };
  return { clock, log: new BoundedLog(() => clock.now) };
}

describe('BoundedLog', () => {
  it('admits a line once a minute', () => {
    const { clock, log } = at();
    const admitted = [0, 1, 59_999, 60_000, 60_001, 119_999, 120_000].map((now) => {
      clock.now = now;
      return log.admits('line');
    });
    expect(admitted).toEqual([true, false, false, true, false, false, true]);
  });

  it('limits each line separately', () => {
    const { log } = at();
    expect(['a', 'b', 'a', 'A', ''].map((key) => log.admits(key))).toEqual([true, true, false, true, true]);
  });

  it('admits three variants of a line a minute', () => {
    const { clock, log } = at();
    const admitted = ['a', 'b', 'a', 'c', 'd', 'a', 'd'].map((variant) => log.admits('line', variant));
    expect(admitted).toEqual([true, true, false, true, false, false, false]);
    expect(log.admits('other', 'a')).toBe(true);
    clock.now = 60_000;
    expect(['d', 'd', 'a'].map((variant) => log.admits('line', variant))).toEqual([true, false, true]);
  });

  it('is full after three variants, until a minute has passed', () => {
    const { clock, log } = at();
    const full = ['a', 'b', 'c', 'd', 'a'].map((variant) => log.isFull('line') || !log.admits('line', variant));
    expect(full).toEqual([false, false, false, true, true]);
    expect([log.countLeftOut('line'), log.isFull('other')]).toEqual([2, false]);
    clock.now = 60_000;
    expect(log.isFull('line')).toBe(false);
  });

  it('is full after 1,000 look-ups of a variant', () => {
    const { clock, log } = at();
    const lookUp = () => (log.isFull('line') ? 'full' : log.admits('line', 'same'));
    expect(Array.from({ length: 1_001 }, lookUp)).toEqual([true, ...Array.from({ length: 1_000 }, () => false)]);
    expect([lookUp(), log.countLeftOut('line')]).toEqual(['full', 1_001]);
    clock.now = 60_000;
    expect([lookUp(), lookUp()]).toEqual([true, false]);
  });

  it('counts what was left out, once', () => {
    const { clock, log } = at();
    expect(log.countLeftOut('line')).toBe(0);
    for (let time = 0; time < 5; time++) {
      log.admits('line');
      log.admits('other');
    }
    expect([log.countLeftOut('line'), log.countLeftOut('line')]).toEqual([4, 0]);
    log.admits('line');
    clock.now = 60_000;
    log.admits('line');
    expect([log.countLeftOut('line'), log.countLeftOut('other')]).toEqual([1, 4]);
  });

  it('admits 256 lines a minute, however many there are', () => {
    const { clock, log } = at();
    for (let line = 0; line < 256; line++) {
      expect(log.admits(`line ${line}`)).toBe(true);
    }
    for (let round = 0; round < 10; round++) {
      for (let line = 0; line < 300; line++) {
        expect(log.admits(`line ${line}`)).toBe(false);
      }
    }
    clock.now = 60_000;
    expect([log.admits('line 299'), log.admits('line 299')]).toEqual([true, false]);
  });

  it('reads the clock of the system by default', () => {
    const log = new BoundedLog();
    expect([log.admits('line'), log.admits('line')]).toEqual([true, false]);
  });
});
