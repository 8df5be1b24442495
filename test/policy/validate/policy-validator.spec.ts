import { mergeLevels } from '../../../src/policy/merge.js';
import { PolicyValidator, validatePolicy } from '../../../src/validation/validate-policy.js';
import { environment, ORIGIN } from './validation.js';

const predicate = () => true;
const shared = [ORIGIN, 'http://a.example', 'https://b.example/'];
const MODULES = [
  { origin: shared, credentials: true, methods: ['PUT', 'patch'] },
  { origin: predicate, credentials: true, maxAge: -1 },
  { origin: '*', credentials: true },
  {},
];
const LEVELS = [[], [{}], [{ credentials: false }], [{ origin: shared }], [{ maxAge: Number.NaN }, { origin: '*' }]];
const PLACES = ['UsersController', 'UsersController.remove', 'OrdersController.remove'];

test('says of every policy what validatePolicy says', () => {
  const probed = new Map();
  const validator = new PolicyValidator(environment({ probed }));
  let compared = 0;
  for (const options of MODULES) {
    for (const levels of LEVELS) {
      for (const target of ['CorsModule', ...PLACES]) {
        for (const mappedMethods of [undefined, ['DELETE'], ['GET']]) {
          for (const originRequired of [undefined, true, false]) {
            const merged = mergeLevels(target, [
              { target: 'CorsModule', options },
              ...levels.map((level, index) => ({ target: PLACES[index] ?? '', options: level as object })),
            ]);
            const subject = {
              ...(mappedMethods && { mappedMethods }),
              ...(originRequired !== undefined && { originRequired }),
            };
            expect(validator.validate(merged, subject)).toEqual(
              expect.objectContaining({ ...pick(validatePolicy(merged, environment({ probed }), subject)) }),
            );
            compared++;
          }
        }
      }
    }
  }
  expect(compared).toBe(720);
});

test('looks at values shared by many handlers once', () => {
  let looks = 0;
  const origin = new Proxy([ORIGIN], {
    get(target, key, receiver) {
      looks += key === 'entries' ? 1 : 0;
      return Reflect.get(target, key, receiver);
    },
  });
  const validator = new PolicyValidator(environment());
  for (let index = 0; index < 100; index++) {
    const levels = [{ target: 'CorsModule', options: { origin } }];
    expect(validator.validate(mergeLevels(`Controller${index}.read`, levels)).problems).toEqual([]);
  }
  expect(looks).toBe(1);
});

function pick({ problems, warnings }: ReturnType<typeof validatePolicy>) {
  return { problems, warnings };
}
