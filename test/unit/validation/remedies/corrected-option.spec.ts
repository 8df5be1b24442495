import type { PolicyProperty } from '../../../../src/policy/policy-options.js';
import { POLICY_RULES } from '../../../../src/validation/options/policy-rules.js';
import type { OriginSafety } from '../../../../src/validation/remedies/corrected-origin.js';

const PLAIN = { credentials: false, insecureAllowed: false };
const CREDENTIALS = { credentials: true, insecureAllowed: false };
const ACCEPTED = { credentials: true, insecureAllowed: true };
const EXAMPLE = 'https://app.example.com';

function correctedOption(property: PolicyProperty, value: unknown, safety: OriginSafety): unknown {
  return POLICY_RULES[property].corrected(value, safety);
}

it.each<[PolicyProperty, unknown, unknown]>([
  ['credentials', 'TRUE', true],
  ['credentials', ' yes ', true],
  ['credentials', 'include', true],
  ['credentials', 1, true],
  ['credentials', 'false', false],
  ['credentials', 'truely', false],
  ['credentials', null, false],
  ['credentials', ['true'], false],
  ['maxAge', '600', 600],
  ['maxAge', ' 1.9 ', 1],
  ['maxAge', 600n, 600],
  ['maxAge', 86_401, 86_400],
  ['maxAge', 86_400, 86_400],
  ['maxAge', 600_000, 600],
  ['maxAge', 90_000_000, 86_400],
  ['maxAge', -5, 0],
  ['maxAge', '-5', 600],
  ['maxAge', Number.NaN, 600],
  ['maxAge', Number.POSITIVE_INFINITY, 86_400],
  ['maxAge', [5], 600],
  ['optionsSuccessStatus', '200', 200],
  ['optionsSuccessStatus', 299, 299],
  ['optionsSuccessStatus', 300, 204],
  ['optionsSuccessStatus', 200.5, 204],
  ['enforce', true, 'all'],
  ['enforce', 'ALL', 'all'],
  ['enforce', 'always', 'all'],
  ['enforce', 'unsafeMethods', 'unsafe-methods'],
  ['enforce', 'writes', 'unsafe-methods'],
  ['enforce', 'never', false],
  ['enforce', undefined, false],
  ['resourcePolicy', 'Cross-Origin', 'cross-origin'],
  ['resourcePolicy', ' same_site', 'same-site'],
  ['resourcePolicy', 'sameorigin', 'same-origin'],
  ['resourcePolicy', ['same-site'], 'cross-origin'],
  ['resourcePolicy', 'unsafe-none', 'cross-origin'],
  ['resourcePolicy', true, 'cross-origin'],
  ['methods', 'get, put put', ['GET', 'PUT']],
  ['methods', 'get put', ['GET', 'PUT']],
  ['methods', ['get,patch', 'TRACE', 7], ['GET', 'PATCH']],
  ['methods', ['TRACE'], []],
  ['methods', ['TRACE', 7], ['GET', 'PUT']],
  ['methods', [], []],
  ['methods', '', ['GET', 'PUT']],
  ['methods', new Set(['put']), ['PUT']],
  ['allowedHeaders', ['x-a: 1', ' X-B ', 'Cookie', 'Access-Control-Max-Age', 'x(c'], ['x-a', 'X-B']],
  ['allowedHeaders', ['Cookie'], []],
  ['allowedHeaders', 'Cookie, Access-Control-Allow-Origin', []],
  ['allowedHeaders', [':x'], ['content-type', 'authorization']],
  ['exposedHeaders', ['set-cookie', 'Origin', '*', 'x-a'], ['*', 'x-a']],
  ['exposedHeaders', ['set-cookie'], []],
  ['exposedHeaders', ['x(c', ''], ['x-total-count']],
])('the option %s with the value %p is corrected to %j', (property, value, meant) => {
  expect(correctedOption(property, value, PLAIN)).toEqual(meant);
});

it('the option exposedHeaders with credentials loses only the star', () => {
  expect(correctedOption('exposedHeaders', ['x-a', '*', 'x-b'], CREDENTIALS)).toEqual(['x-a', 'x-b']);
  expect(correctedOption('exposedHeaders', ['*'], CREDENTIALS)).toEqual(['x-total-count']);
});

it.each<[unknown, unknown, unknown, unknown]>([
  [true, true, EXAMPLE, EXAMPLE],
  ['*', '*', EXAMPLE, EXAMPLE],
  [['*', EXAMPLE], ['*', EXAMPLE], [EXAMPLE], [EXAMPLE]],
  ['http://a.example', 'http://a.example', 'https://a.example', 'http://a.example'],
  ['http://a.example:443', 'http://a.example:443', EXAMPLE, 'http://a.example:443'],
  ['http://localhost:3000', 'http://localhost:3000', 'http://localhost:3000', 'http://localhost:3000'],
  ['https://a.example', 'https://a.example', 'https://a.example', 'https://a.example'],
  ['capacitor://localhost', 'capacitor://localhost', 'capacitor://localhost', 'capacitor://localhost'],
  ['capacitor://a.example', 'capacitor://a.example', 'capacitor://a.example', 'capacitor://a.example'],
  ['https://*.com', 'https://*.com', EXAMPLE, EXAMPLE],
  ['https://A.example/', 'https://a.example', 'https://a.example', 'https://a.example'],
  [
    ['https://a.example,b.example'],
    ['https://a.example', 'https://b.example'],
    ['https://a.example', 'https://b.example'],
    ['https://a.example', 'https://b.example'],
  ],
  [[7, 'null', () => true], [EXAMPLE], [EXAMPLE], [EXAMPLE]],
  [7, EXAMPLE, EXAMPLE, EXAMPLE],
])(
  'the option origin with the value %p is corrected to %p, with credentials to %p, with insecure origins to %p',
  (value, plain, safe, accepted) => {
    expect(correctedOption('origin', value, PLAIN)).toEqual(plain);
    expect(correctedOption('origin', value, CREDENTIALS)).toEqual(safe);
    expect(correctedOption('origin', value, ACCEPTED)).toEqual(accepted);
  },
);
