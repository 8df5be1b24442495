/**
 * Damage that the tests must notice. Each entry replaces `find`, which occurs exactly once in `file`, by `replace`; then
 * at least one test of the file `spec` whose full name matches the regular expression `test` must fail. Choose a patch
 * that still loads (a suite that cannot be loaded proves nothing) and a test that states the damaged promise.
 *
 * @type {{ name: string, file: string, find: string, replace: string, spec: string, test: string }[]}
 */
export const patches = [
  {
    name: 'skip the head guard',
    file: 'src/http/head-guard.ts',
    find: 'const decision = this.headersSent ? undefined : decide(this);',
    replace: 'const decision = undefined as CorsDecision | undefined;',
    spec: 'test/e2e/policy-cascade.spec.ts',
    test: 'gives an undecorated handler the app-wide policy',
  },
  {
    name: 'answer preflights with the app-wide policy',
    file: 'src/http/preflight.ts',
    find: 'const only = candidates.length === 0 ? handling.unrouted(url) : (candidates[0] as RouteEntry).policy;',
    replace: 'const only = handling.unrouted(url);',
    spec: 'test/e2e/policy-cascade.spec.ts',
    test: 'decides for each method of one path by its own handler',
  },
];
