import { reportWarnings } from '../../../src/boot/boot-report.js';
import type { CorsWarning } from '../../../src/validation/problems/problem.js';

const warning = (code: string, target: string, message = 'something is odd.'): CorsWarning => ({
  code,
  targets: [target],
  message,
  remedy: 'Change it.',
});

it('reportWarnings makes one text for each code, in order, with all its targets', () => {
  expect(
    reportWarnings([
      warning('insecure-origin', 'CorsModule'),
      warning('wildcard-mixed', 'UsersController', 'a star.'),
      warning('insecure-origin', 'UsersController.list'),
      warning('insecure-origin', 'CorsModule'),
      warning('insecure-origin', 'OrdersController', 'something else.'),
    ]),
  ).toEqual([
    {
      code: 'insecure-origin',
      text:
        'insecure-origin in CorsModule, UsersController.list: something is odd.\n  Change it.\n' +
        'insecure-origin in OrdersController: something else.\n  Change it.',
    },
    { code: 'wildcard-mixed', text: 'wildcard-mixed in UsersController: a star.\n  Change it.' },
  ]);
});

it('reportWarnings silences exact codes', () => {
  const warnings = [warning('insecure-origin', 'A'), warning('wildcard-mixed', 'A')];
  expect(reportWarnings(warnings, ['insecure-origin', 'wildcard']).map(({ code }) => code)).toEqual(['wildcard-mixed']);
  expect(reportWarnings(warnings, ['insecure-origin', 'wildcard-mixed'])).toEqual([]);
  expect(reportWarnings([], [])).toEqual([]);
});

it('reportWarnings counts many targets and many sentences instead of listing them', () => {
  const targets = Array.from({ length: 30 }, (_, index) => warning('insecure-origin', `C${index}.a`));
  expect(reportWarnings(targets)[0]?.text).toBe(
    'insecure-origin in C0.a, C1.a, C2.a, C3.a, C4.a and 25 more: something is odd.\n  Change it.',
  );
  const sentences = Array.from({ length: 11 }, (_, index) => warning('insecure-origin', 'A', `odd ${index}.`));
  const lines = reportWarnings(sentences)[0]?.text.split('\n') ?? [];
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('  and 1 more of this kind');
});
