import { codes, validate, warningCodes } from './validation.js';

describe('a boolean option', () => {
  const wrong = ['true', 'false', '', 1, 0, null, {}, [], Symbol('yes'), () => true, Number.NaN];
  for (const property of ['credentials', 'enforceReportOnly', 'dangerouslyAllowInsecureOrigins']) {
    it.each(wrong.map((value) => [value]))(`refuses %p for ${property}`, (value) => {
      expect(codes({ [property]: value })).toEqual(['option-type']);
    });
    it.each([true, false, undefined])(`accepts %p for ${property}`, (value) => {
      expect(codes({ [property]: value })).toEqual([]);
    });
  }
});

describe('maxAge', () => {
  it.each([
    [0, []],
    [-0, []],
    [1, []],
    [600, []],
    [86_400, []],
    [86_401, ['max-age-range']],
    [86_400_000, ['max-age-range']],
    [-1, ['max-age-range']],
    [1.5, ['max-age-range']],
    [Number.NaN, ['max-age-range']],
    [Number.POSITIVE_INFINITY, ['max-age-range']],
    [Number.NEGATIVE_INFINITY, ['max-age-range']],
    ['600', ['option-type']],
    ['', ['option-type']],
    [null, ['option-type']],
    [true, ['option-type']],
    [600n, ['option-type']],
    [[600], ['option-type']],
  ])('%p has exactly the problems %p', (maxAge, expected) => {
    expect(codes({ maxAge })).toEqual(expected);
  });

  it.each([
    [7200, []],
    [7201, ['max-age-above-chromium']],
    [86_400, ['max-age-above-chromium']],
    [86_401, []],
  ])('%p has exactly the warnings %p', (maxAge, expected) => {
    expect(warningCodes({ maxAge })).toEqual(expected);
  });
});

describe('optionsSuccessStatus', () => {
  it.each([
    [199, ['status-range']],
    [200, []],
    [204, []],
    [299, []],
    [300, ['status-range']],
    [404, ['status-range']],
    [204.5, ['status-range']],
    [Number.NaN, ['status-range']],
    ['204', ['option-type']],
    [null, ['option-type']],
    [true, ['option-type']],
  ])('%p has exactly the problems %p', (optionsSuccessStatus, expected) => {
    expect(codes({ optionsSuccessStatus })).toEqual(expected);
  });
});

describe('enforce', () => {
  it.each([false, 'unsafe-methods', 'all'])('accepts %p', (enforce) => {
    expect(codes({ enforce })).toEqual([]);
  });
  it.each([[true], ['unsafe'], ['ALL'], ['Unsafe-Methods'], [''], [1], [null], [['all']]])('refuses %p', (enforce) => {
    expect(codes({ enforce })).toEqual(['option-type']);
  });
});

describe('resourcePolicy', () => {
  it.each(['same-origin', 'same-site', 'cross-origin'])('accepts %p', (resourcePolicy) => {
    expect(codes({ resourcePolicy })).toEqual([]);
  });
  it.each([
    ['Cross-Origin'],
    ['SAME-SITE'],
    ['same-site '],
    [' same-origin'],
    ['same site'],
    ['same-site, cross-origin'],
    ['"same-site"'],
    ['unsafe-none'],
    [''],
    ['same-origin\r\nx: y'],
    [['same-site']],
    [{ policy: 'same-site' }],
    [new String('same-site')],
    [true],
    [false],
    [null],
    [1],
  ])('refuses %p', (resourcePolicy) => {
    expect(codes({ resourcePolicy })).toEqual(['option-type']);
  });
});

it('a problem has a code, a target, an option, a value, and sentences that name the place', () => {
  expect(validate({ origin: 'https://app.example.com', maxAge: -1 }).problems).toEqual([
    {
      code: 'max-age-range',
      targets: ['UsersController.remove'],
      property: 'maxAge',
      value: -1,
      message: 'maxAge is -1 but must be a whole number of seconds from 0 to 86400 (set at UsersController.remove).',
      remedy: 'Write `maxAge: 0`. With 0, browsers do not cache preflights.',
    },
  ]);
});
