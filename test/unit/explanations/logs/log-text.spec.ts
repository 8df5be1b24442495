import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logText } from '../../../../src/explanations/logs/log-text.js';

describe('logText', () => {
  it.each([
    ['', '""'],
    ['https://app.example.com', '"https://app.example.com"'],
    ['two\r\nlines', '"two\\r\\nlines"'],
    ['\u001b[31mred', '"\\u001b[31mred"'],
    ['\u009b31mred', '"\\u009b31mred"'],
    ['\u0000', '"\\u0000"'],
    ['\u007f', '"\\u007f"'],
    ['\u0085next', '"\\u0085next"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['\u202egnp.exe', '"\\u202egnp.exe"'],
    ['\u2066x\u2069', '"\\u2066x\\u2069"'],
    ['\u200bzero\u200d', '"\\u200bzero\\u200d"'],
    ['\u2028\u2029', '"\\u2028\\u2029"'],
    ['\ufeffmark', '"\\ufeffmark"'],
    ['soft\u00adhyphen', '"soft\\u00adhyphen"'],
    ['\u061cletter', '"\\u061cletter"'],
    ['\ud800', '"\\ud800"'],
    ['caf\u00e9 \u4e2d', '"caf\u00e9 \u4e2d"'],
  ])('writes %j as %s', (text, expected) => {
    expect(logText(text)).toBe(expected);
  });

  it('cuts a text at 200 characters', () => {
    expect(logText('x'.repeat(200))).toBe(`"${'x'.repeat(200)}"`);
    expect(logText('x'.repeat(201))).toBe(`"${'x'.repeat(200)}..."`);
    expect(logText('\u0000'.repeat(100_000)).length).toBe(2 + 200 * 6 + 3);
  });

  it('makes any text one line of visible characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(logText(text)).not.toMatch(
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not appear
          /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/,
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
