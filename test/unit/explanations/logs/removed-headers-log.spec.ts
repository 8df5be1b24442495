import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RemovedHeadersLog } from '../../../../src/explanations/logs/removed-headers-log.js';
import type { CorsPolicyOptions } from '../../../../src/policy/policy-options.js';
import { compiled } from '../../policy/compiled.js';
import { codes, ORIGIN } from '../../validation/validation.js';
import '../../../support/property-seed.js';

const EXPOSE = 'Access-Control-Expose-Headers';

function logOf() {
  const lines: string[] = [];
  return { lines, log: new RemovedHeadersLog({ warn: (line) => lines.push(line) }, true) };
}

/** The line for headers of one handler; `undefined` if there is none. */
function lineFor(options: CorsPolicyOptions, ...headers: unknown[]): string | undefined {
  const { lines, log } = logOf();
  log.add({ target: 'A.list', policy: compiled({ origin: ORIGIN, ...options }), headers });
  return lines[0];
}

describe('the log of removed headers', () => {
  it.each<[CorsPolicyOptions, string, string]>([
    [{}, 'Access-Control-Allow-Origin', ORIGIN],
    [{ origin: '*' }, 'Access-Control-Allow-Origin', 'https://any.example'],
    [{}, 'Access-Control-Allow-Credentials', 'false'],
    [{ credentials: true }, 'Access-Control-Allow-Credentials', 'true'],
    [{}, 'Access-Control-Allow-Methods', 'GET,PUT'],
    [{ methods: ['PUT'] }, 'Access-Control-Allow-Methods', 'get, PUT'],
    [{ allowedHeaders: ['*'] }, 'Access-Control-Allow-Headers', 'x-a'],
    [{ allowedHeaders: ['x-a', 'x-b'] }, 'Access-Control-Allow-Headers', 'X-B, x-a'],
    [{ maxAge: 5 }, 'Access-Control-Max-Age', '5'],
    [{ exposedHeaders: ['*'] }, EXPOSE, 'x-a'],
    [{ exposedHeaders: ['X-A'] }, EXPOSE, 'x-a, X-A, Content-Type'],
    [{}, EXPOSE, ''],
  ])('has no line if the policy %j sends %s: %s itself', (options, name, value) => {
    expect(lineFor(options, name, value)).toBeUndefined();
  });

  it.each<[CorsPolicyOptions, string, string, string]>([
    [{}, 'Access-Control-Allow-Origin', '*', 'These options set them: `origin`.'],
    [{}, 'Access-Control-Allow-Credentials', 'true', 'These options set them: `credentials`.'],
    [{ methods: ['PUT'] }, 'Access-Control-Allow-Methods', 'PATCH', 'These options set them: `methods`.'],
    [{}, 'Access-Control-Allow-Headers', 'x-a', 'These options set them: `allowedHeaders`.'],
    [{}, 'Access-Control-Max-Age', '5', 'These options set them: `maxAge`.'],
    [{}, 'Access-Control-Allow-Private-Network', 'true', 'Remove them from the code: no option sets them.'],
    [{}, EXPOSE, '*', "Write `exposedHeaders: ['*']`."],
    [{}, EXPOSE, 'set-cookie', 'Remove them from the code: no option sets them.'],
    [{ exposedHeaders: ['x-a'] }, EXPOSE, 'X-B, set-cookie, \u0000', "Write `exposedHeaders: ['x-a', 'x-b']`."],
  ])('says with the policy %j what to do about %s: %j', (options, name, value, advice) => {
    expect(lineFor(options, name, value)?.split('of the policy only. ')[1]).toBe(advice);
  });

  it('writes lists that boot', () => {
    const names = fc.oneof(fc.constantFrom('*', 'x-a', 'Set-Cookie', 'host', 'access-control-max-age'), fc.string());
    fc.assert(
      fc.property(fc.array(names, { maxLength: 5 }), fc.boolean(), (list, credentials) => {
        const line = lineFor({ credentials, exposedHeaders: ['x-own'] }, EXPOSE, list.join()) ?? '';
        const code = /`exposedHeaders: (\[[^`]*\])`/.exec(line)?.[1];
        if (code !== undefined) {
          expect(codes({ credentials, exposedHeaders: new Function(`return ${code};`)() })).toEqual([]);
        }
      }),
    );
  });

  it('has one line for each handler, and at most 64', () => {
    const { lines, log } = logOf();
    const policy = compiled({ origin: ORIGIN });
    for (let at = 0; at < 200; at++) {
      log.add({ target: `A.h${at % 100}`, policy, headers: [EXPOSE, 'x-a'] });
    }
    expect([lines.length, new Set(lines).size]).toEqual([64, 64]);
  });

  it('logs a handler whose first response lost nothing', () => {
    const { lines, log } = logOf();
    const policy = compiled({ origin: ORIGIN, exposedHeaders: ['x-a'] });
    log.add({ target: 'A.list', policy, headers: [EXPOSE, 'x-a'] });
    log.add({ target: 'A.list', policy, headers: [EXPOSE, 'x-b'] });
    expect(lines).toHaveLength(1);
  });

  it('escapes and cuts values, because a handler may copy them from the request', () => {
    const line = lineFor({}, 'Access-Control-Allow-Origin', `evil\r\n[Nest] all is well\u202e${'x'.repeat(10_000)}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not appear
    expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(line?.length).toBeLessThan(600);
    const many = Array.from({ length: 100 }, (_, at) => [`access-control-x-${at}`, '1']).flat();
    expect(lineFor({}, ...many)?.length).toBeLessThan(600);
  });
});
