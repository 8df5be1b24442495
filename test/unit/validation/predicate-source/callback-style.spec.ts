// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the rows are source
import { readCallbackStyle } from '../../../../src/validation/predicate-source/callback-style.js';
import { rewriteCallback } from '../../../../src/validation/predicate-source/rewritten-callback.js';
import { ORIGIN, validate } from '../validation.js';

/** What the functions below refer to. */
const SCOPE = {
  list: [ORIGIN, 'https://b.example'],
  pattern: /^https:\/\/[ab]\.example$/,
  log: () => undefined,
};
const SAMPLES = [ORIGIN, 'https://a.example', 'https://b.example', 'https://evil.example'];

function evaluate(source: string): unknown {
  const names = Object.keys(SCOPE);
  return new Function(...names, `return (${source});`)(...Object.values(SCOPE));
}

/** What a library with callbacks makes of a function: no error and a truthy value, text or list allow. */
function allowedByCallback(written: unknown, origin: string): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (error: unknown, value: unknown) => {
      if (error || !value) {
        resolve(false);
      } else if (Array.isArray(value)) {
        resolve(value.includes(origin));
      } else {
        resolve(typeof value !== 'string' || value === '*' || value === origin);
      }
    };
    (written as (origin: string, callback: typeof settle) => unknown)(origin, settle);
  });
}

function rewritten(source: string): string | undefined {
  const style = readCallbackStyle(source);
  return style && rewriteCallback(style);
}

describe('a function that calls its second parameter', () => {
  it.each([
    ['(o, fn) => fn(null, true)', '(o) => true'],
    ['(o, fn) => fn(null, false)', '(o) => false'],
    ['(o,n)=>n(null,!0)', '(o) => true'],
    ['(origin, callback) => callback(null, list.includes(origin))', '(origin) => list.includes(origin)'],
    ['(origin, callback) => callback(null, list.indexOf(origin) !== -1)', '(origin) => list.indexOf(origin) !== -1'],
    ['(origin, callback) => callback(null, origin)', '(origin) => true'],
    ["(origin, callback) => callback(null, '*')", '(origin) => true'],
    [`(origin, callback) => callback(null, '${ORIGIN}')`, `(origin) => origin === '${ORIGIN}'`],
    [`(origin, callback) => callback(null, ['${ORIGIN}'])`, `(origin) => ['${ORIGIN}'].includes(origin)`],
    [
      '(origin, callback) => callback(null, list.find((one) => one === origin))',
      '(origin) => [true, origin].includes(list.find((one) => one === origin))',
    ],
    [
      'function (o, cb) { if (list.includes(o)) { cb(null, true); return; } cb(new Error("denied")); return }',
      '(o) => { if (list.includes(o)) { return true; } return false }',
    ],
    // A text from the configuration is true for every origin.
    ['(origin, cb) => cb(null, list[0])', '(origin) => [true, origin].includes(list[0])'],
    [
      '(origin, cb) => cb(null, list.some((one) => one === origin || origin.endsWith(one)))',
      '(origin) => list.some((one) => one === origin || origin.endsWith(one))',
    ],
    ['(origin, callback) => callback(new Error("no"))', '(origin) => false'],
    ['(origin, callback) => callback(new Error("no"), true)', '(origin) => false'],
    ['(origin, callback) => callback()', '(origin) => false'],
    ['(origin, callback) => callback(undefined, pattern.test(origin))', '(origin) => pattern.test(origin)'],
    ['(origin, cb) => cb?.(null, true)', '(origin) => true'],
    ['(origin, cb) => (cb)(null, true)', '(origin) => true'],
    ['(origin, cb) => void cb(null, true)', '(origin) => true'],
    ['(origin, cb = log) => cb(null, list.includes(origin))', '(origin) => list.includes(origin)'],
    [
      '(origin, cb) => list.includes(origin) ? cb(null, true) : cb(new Error("no"))',
      '(origin) => list.includes(origin) ? true : false',
    ],
    [
      '(origin, cb) => (list.includes(origin) ? cb(null, true) : cb(null, false))',
      '(origin) => (list.includes(origin) ? true : false)',
    ],
    ['(e,t)=>{list.includes(e)?t(null,!0):t(new Error("no"))}', '(e) => list.includes(e)?true:false'],
    ['function(o,n){return n(null,!0)}', '(o) => true'],
    ['function (origin, cb) { cb(null, true); }', '(origin) => true'],
    ['function (origin, cb) { return void cb(null, true); }', '(origin) => true'],
    ['async (origin, cb) => cb(null, await list.includes(origin))', 'async (origin) => await list.includes(origin)'],
    [
      'async function check(origin, cb) { const ok = await list.includes(origin); cb(null, ok); }',
      'async (origin) => { const ok = await list.includes(origin); return [true, origin].includes(ok); }',
    ],
    [
      'function (origin, callback) {\n  // The documented example.\n  if (list.indexOf(origin) !== -1 || !origin) {\n    callback(null, true)\n  } else {\n    callback(new Error("Not allowed by CORS"))\n  }\n}',
      '(origin) => { if (list.indexOf(origin) !== -1 || !origin) { return true } else { return false } }',
    ],
    [
      'function (origin, callback) {\n  if (!origin)\n    return callback(null, true)\n  const ok = list.some((one) => one === origin)\n  log(ok)\n  return callback(null, ok)\n}',
      '(origin) => { if (!origin) return true; const ok = list.some((one) => one === origin); log(ok); return [true, origin].includes(ok) }',
    ],
    [
      'function (origin, cb) { try { log(origin); cb(null, list.includes(origin)) } catch (error) { cb(error) } }',
      '(origin) => { try { log(origin); return list.includes(origin) } catch (error) { return false } }',
    ],
    [
      'function (origin, cb) { const error = null; cb(error, list.includes(origin)) }',
      '(origin) => { const error = null; return !error && list.includes(origin) }',
    ],
  ])('is rewritten to return the same answer: %s', async (source, expected) => {
    expect(rewritten(source)).toBe(expected);
    const before = evaluate(source);
    const after = evaluate(expected) as (origin: string) => unknown;
    for (const origin of SAMPLES) {
      expect([origin, await after(origin)]).toEqual([origin, await allowedByCallback(before, origin)]);
    }
    const problems = validate({ origin: evaluate(source) }).problems;
    expect(problems).toMatchObject([{ code: 'option-type', remedy: `Write \`origin: ${expected}\`.` }]);
    expect(validate({ origin: evaluate(expected) }).problems).toEqual([]);
  });

  it('is rewritten if it is a method', () => {
    const { origin } = {
      origin(o: string, done: (error: null, ok: boolean) => void) {
        done(null, o === 'x');
      },
    };
    const remedy = validate({ origin }).problems[0]?.remedy;
    expect(remedy).toMatch(/^Write `origin: \(o\) => .*o === 'x'.*`\.$/);
    expect(rewritten('async origin(o, done) { done(null, list.includes(o)) }')).toBe('async (o) => list.includes(o)');
    expect(rewritten('["origin"](o, done) { done(null, true) }')).toBe('(o) => true');
  });
});

describe('a callback whose answer the source does not show', () => {
  it.each([
    '(origin, cb) => Promise.resolve(origin).then((one) => cb(null, list.includes(one)))',
    '(origin, cb) => { list.forEach((one) => { if (one === origin) cb(null, true); }); }',
    '(origin, cb) => { setImmediate(() => cb(null, true)); }',
    '(origin, cb) => { log(cb); cb(null, true); }',
    '(origin, cb) => log(cb(null, true))',
    '(origin, cb) => { const answer = cb(null, true); return answer; }',
    '(origin, cb) => { list.includes(origin) && cb(null, true); cb(null, false); }',
    '(origin, cb) => cb.call(null, null, true)',
    '(origin, cb) => cb.apply(null, [null, true])',
    '(origin, cb) => cb.bind(null)(null, true)',
    '(origin, cb) => cb(null, `${origin}`)',
    '(...all) => all[1](null, true)',
    '(origin, ...rest) => rest[0](null, true)',
    '(origin, cb, next) => cb(null, next)',
    '({ length }, cb) => cb(null, length > 5)',
    'function (origin, cb) { cb(null, this === origin); }',
    'function (origin, cb) { switch (true) { case list.includes(origin): cb(null, true); break; default: cb(null, false); } }',
    'function (origin) { return arguments[1](null, true); }',
    `(origin, cb) => cb(null, [${Array.from({ length: 40 }, (_, n) => `'https://a${n}.example'`).join(', ')}].includes(origin))`,
  ])('has an example as its remedy: %s', (source) => {
    expect(readCallbackStyle(source)).toBeDefined();
    const [problem] = validate({ origin: evaluate(source) }).problems;
    expect(problem?.code).toBe('option-type');
    expect(problem?.remedy).toBe(
      "Write `origin: (origin) => ['https://app.example.com'].includes(origin)`. Return the answer, or a promise of it: the second parameter is the context of the request, not a callback.",
    );
  });
});

describe('a function that does not call its second parameter', () => {
  it.each([
    'async (origin, { preflight }) => preflight',
    '(origin, { policy: check }) => check === origin',
    '(origin, { log }) => log(origin)',
    '(origin, [first]) => first(origin)',
    '(origin, context) => context.method === "GET"',
    '(origin, context) => context.request.get("x") === origin',
    '(origin, context) => context.allows(origin)',
    '(origin, context) => context?.request?.get("x") === origin',
    '(origin, context) => list.includes(origin, context)',
    '(origin, done) => done === undefined',
    '(origin, callback) => typeof callback === "object"',
    '(origin, fn) => list.some((fn) => fn(origin))',
    '(origin, fn) => list.some(fn => fn(origin))',
    '(origin, fn) => list.some(function (fn) { return fn(origin); })',
    '(origin, fn) => list.some(({ fn }) => fn(origin))',
    '(origin, fn) => { const inner = (fn) => fn(origin)\n return inner(log) }',
    'function (origin, fn) { var fn = log; return fn(origin); }',
    '(origin, fn) => { { const fn = log; fn(origin); } return true; }',
    '(origin, fn) => { for (const fn of [log]) { if (fn(origin)) return true; } return false; }',
    '(origin, fn) => { for (const fn of [log]) if (fn(origin)) return true; return false; }',
    '(origin, fn) => { const { fn: other, log: fn2 } = {}; return other === fn2; }',
    '(origin, context) => { function context2() { return true; } return context2(); }',
    '(origin, fn) => { function fn() { return true; } return fn(); }',
    '(origin, fn) => { try { return log(); } catch (fn) { return fn(origin); } }',
    '(origin, fn) => ({ fn(one) { return one; } }).fn(origin) === fn',
    '(origin, fn) => origin === "fn(null, true)"',
    "(origin, fn) => origin === 'fn(null, true)'",
    '(origin, fn) => origin === `fn(null, true)`',
    '(origin, fn) => /fn(null)/.test(origin)',
    '(origin, fn) => { // fn(null, true)\n return true }',
    '(origin, fn) => { /* fn(null, true) */ return true }',
    '(origin, fn) => list.fn(origin)',
    '(origin, fn) => new fn(origin)',
    '(origin) => log(origin)',
    'origin => log(origin)',
    'function (origin) { return list.some(function () { return arguments[1](origin); }); }',
  ])('is a predicate: %s', (source) => {
    expect(readCallbackStyle(source)).toBeUndefined();
    expect(validate({ origin: evaluate(source) }).problems).toEqual([]);
  });

  it('is a predicate if it is native or bound, and so has no source', () => {
    const bound = ((_origin: string, callback: (error: null, ok: boolean) => void) => callback(null, true)).bind(null);
    expect(validate({ origin: bound }).problems).toEqual([]);
    expect(validate({ origin: Array.isArray }).problems).toEqual([]);
    expect(readCallbackStyle('function () { [native code] }')).toBeUndefined();
  });
});

describe('readCallbackStyle', () => {
  it.each([
    '(o, fn) => `${fn(null, true)}`',
    '(o, fn) => `a${`b${fn(null)}`}`',
    '(o, fn) => { if (/[/"]/.test(o)) fn(null, true) }',
    '(o, fn) => o.length / 2 > 1 / fn(null) / 2',
    "(o, fn) => { const text = 'it\\'s'; fn(null, text) }",
    '(o, fn) => { let x = o\n fn(null, x) }',
    '(o, fn) => { const inner = (fn) => fn(o)\n inner(fn)\n fn(null, true) }',
    '(o, fn) => { { const fn = 1 } fn(null, true) }',
    '(o, fn) => ({ a: fn(null) })',
    '(o, fn, other = fn(null)) => other',
    '(o, $) => $(null, true)',
    '(o, \u00e9t\u00e9) => \u00e9t\u00e9(null, true)',
    'function* (o, fn) { yield fn(null, true) }',
    '(o /* , x */, /* y */ fn /* z */) => fn /* ( */ (null, true)',
    '(o, fn) => [...fn(null)]',
    'function (t, e) { return __awaiter(this, void 0, void 0, function* () { e(null, true) }) }',
  ])('finds the call in %s', (source) => {
    expect(readCallbackStyle(source)).toBeDefined();
  });

  it.each(['', '(', '(o, fn) => "', 'class A { constructor(o, fn) { fn(o) } }', 'function', '}', '(o, fn) => `${'])(
    'gives up at %j without an error',
    (source) => {
      expect(readCallbackStyle(source)).toBeUndefined();
    },
  );

  it('takes linear time', () => {
    const long = `(o, fn) => { ${'if (list.includes(o)) { log(o); } /* x */ '.repeat(2000)} fn(null, true) }`;
    const started = process.cpuUsage().user;
    expect(readCallbackStyle(long)).toBeDefined();
    expect(process.cpuUsage().user - started).toBeLessThan(3_000_000);
    expect(readCallbackStyle(long.repeat(2))).toBeUndefined();
  });
});
