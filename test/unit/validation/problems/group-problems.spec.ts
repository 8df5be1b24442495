import { mergeLevels } from '../../../../src/policy/merge.js';
import { groupProblems } from '../../../../src/validation/problems/problem.js';
import { validatePolicy } from '../../../../src/validation/validate-policy.js';
import { environment, ORIGIN } from '../validation.js';

const problemsOf = (target: string, ...levels: readonly (readonly [string, object])[]) =>
  validatePolicy(
    mergeLevels(
      target,
      levels.map(([place, options]) => ({ target: place, options })),
    ),
    environment(),
  ).problems;

it('groupProblems joins the problems of twenty handlers that inherit one wrong value', () => {
  const handlers = Array.from({ length: 20 }, (_, index) => `Controller${index}.read`);
  const bad = ['CorsModule', { origin: ORIGIN, maxAge: -1 }] as const;
  const problems = [...problemsOf('CorsModule', bad), ...handlers.flatMap((target) => problemsOf(target, bad))];
  expect(problems).toHaveLength(21);
  expect(groupProblems(problems)).toEqual([
    expect.objectContaining({ code: 'max-age-range', value: -1, targets: ['CorsModule', ...handlers] }),
  ]);
});

it.each([
  ['another value', problemsOf('A.a', ['A.a', { origin: ORIGIN, maxAge: -2 }])],
  ['another option', problemsOf('A.a', ['A.a', { origin: ORIGIN, optionsSuccessStatus: -1 }])],
  ['another place', problemsOf('A.a', ['A', { origin: ORIGIN, maxAge: -1 }])],
  ['another form', problemsOf('A.a', ['A.a', { origin: ORIGIN, maxAge: '-1' }])],
])('groupProblems keeps a problem with %s apart', (_, others) => {
  const problems = [...problemsOf('A.a', ['A.a', { origin: ORIGIN, maxAge: -1 }]), ...others];
  expect(groupProblems(problems)).toHaveLength(2);
});

it('groupProblems keeps the order of the first problems, and names each target once', () => {
  const level = ['CorsModule', { origin: ORIGIN, maxAge: -1, methods: ['patch', 'patch', 'TRACE'] }] as const;
  const grouped = groupProblems([
    ...problemsOf('B.b', level),
    ...problemsOf('A.a', level),
    ...problemsOf('B.b', level),
  ]);
  expect(grouped.map(({ code, value, targets }) => [code, value, targets])).toEqual([
    ['method-invalid', 'patch', ['B.b', 'A.a']],
    ['method-invalid', 'patch', ['B.b', 'A.a']],
    ['method-forbidden', 'TRACE', ['B.b', 'A.a']],
    ['max-age-range', -1, ['B.b', 'A.a']],
  ]);
  expect(Object.isFrozen(grouped[0]) && Object.isFrozen(grouped[0]?.targets)).toBe(true);
});
