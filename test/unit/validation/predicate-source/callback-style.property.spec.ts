import fc from 'fast-check';
import { readCallbackStyle } from '../../../../src/validation/predicate-source/callback-style.js';
import { rewriteCallback } from '../../../../src/validation/predicate-source/rewritten-callback.js';

const LIST = ['https://a.example', 'https://b.example'];
const ORIGINS = [...LIST, 'https://evil.example'];

const condition = fc.constantFrom(
  'list.includes(o)',
  '!o || list.includes(o)',
  'list.indexOf(o) !== -1',
  '!list.includes(o)',
  '/a\\.example$/.test(o)',
  'list.some((one) => one === o)',
  'o && o.length > 3',
  "o === 'https://a.example'",
);
const answer = fc.oneof(
  condition,
  fc.constantFrom(
    'true',
    'false',
    'o',
    "'*'",
    "'https://a.example'",
    'undefined',
    '[o]',
    'list',
    'o && true',
    '(o, true)',
  ),
);
const call = fc.oneof(
  { weight: 3, arbitrary: answer.map((one) => `cb(null, ${one})`) },
  fc.constantFrom("cb(new Error('denied'))", 'cb(null)'),
  answer.map((one) => `cb(new Error('denied'), ${one})`),
  answer.map((one) => `cb?.(null, ${one})`),
  answer.map((one) => `(cb)(undefined, ${one})`),
);
const statement = fc
  .tuple(condition, call, call)
  .chain(([test, first, second]) =>
    fc.constantFrom(
      first,
      `return ${first};`,
      `void ${first}`,
      `if (${test}) ${first}; else ${second};`,
      `if (${test}) { ${first} } else { ${second} }`,
      `if (${test}) return ${first};\n${second}`,
      `if (${test}) { ${first}; return }\n${second};`,
      `${test} ? ${first} : ${second}`,
      `return ${test} ? ${first} : ${second};`,
      `${test} && ${first}`,
      `for (const one of list) { if (one === o) { return ${first}; } }\n${second}`,
      `switch (true) { case !!(${test}): ${first}; break; default: ${second} }`,
      `try { ${first} } catch (error) { cb(error) }`,
      `const ok = ${test};\nif (ok) { ${first} } else { ${second} }`,
    ),
  );
const written = fc.oneof(
  statement.map((one) => `(o, cb) => { ${one} }`),
  statement.map((one) => `function (o, cb) { ${one} }`),
  statement.map((one) => `async (o, cb) => { ${one} }`),
  call.map((one) => `(o, cb) => ${one}`),
);

type AnyFunction = (...passed: unknown[]) => unknown;

function evaluate(source: string): AnyFunction {
  return new Function('list', `return (${source});`)(LIST);
}

/** What other libraries make of what a callback is handed: a text or a list names the origins. */
async function allowedByCallback(source: string, origin: string): Promise<boolean> {
  let passed: unknown[] | undefined;
  await evaluate(source)(origin, (...all: unknown[]) => {
    passed ??= all;
  });
  const [error, allowed] = passed ?? ['not called'];
  if (error) {
    return false;
  }
  if (Array.isArray(allowed)) {
    return allowed.includes(origin);
  }
  return typeof allowed === 'string' ? allowed === '*' || allowed === origin : Boolean(allowed);
}

it('a rewritten callback gives the same answers as before', async () => {
  let shown = 0;
  await fc.assert(
    fc.asyncProperty(written, async (source) => {
      const style = readCallbackStyle(source);
      if (style === undefined) {
        throw new Error('the call was not found');
      }
      const rewritten = rewriteCallback(style);
      if (rewritten === undefined) {
        return;
      }
      shown++;
      for (const origin of ORIGINS) {
        const allowed = (await evaluate(rewritten)(origin)) === true;
        const expected = await allowedByCallback(source, origin);
        // Of a variable, nothing says that it is a list.
        const narrowed = !allowed && /, list\)/.test(source);
        if (allowed !== expected && !narrowed) {
          throw new Error(`became ${rewritten}`);
        }
      }
    }),
    { numRuns: 1000 },
  );
  expect(shown).toBeGreaterThan(700);
});
