/**
 * Faults of the library that its suite must find in Chromium. Each replaces `find`, which occurs exactly once in `file`,
 * with `replace`. Then a check of `promise` must fail in a small sample of requests with that `seed`.
 *
 * @type {import('./faults.mjs').PlantedFault[]}
 */
export const faults = [
  {
    name: 'answer preflights with the application-wide policy',
    promise: 'no page is denied what its policy grants',
    file: 'src/http/preflight/preflight.ts',
    find: 'candidates[0] ?? this.#lookup.pathPolicy(this.url);',
    replace: 'this.#lookup.pathPolicy(this.url);',
  },
  {
    name: 'allow refused origins to read',
    promise: 'no page reads what its policy forbids',
    file: 'src/policy/decide.ts',
    find: "  if (reason !== 'allowed') {\n    return withCommonHeaders(ACTUAL_REFUSED[reason], policy);",
    replace: "  if (reason === 'origin-null') {\n    return withCommonHeaders(ACTUAL_REFUSED[reason], policy);",
  },
  {
    name: 'allow sandboxed pages',
    promise: 'no page reads what its policy forbids',
    file: 'src/policy/decide.ts',
    find: "return origin === 'null' ? 'origin-null' : 'origin-malformed';\n  }\n  if (originAllowed === true)",
    replace: "return origin === 'null' ? 'allowed' : 'origin-malformed';\n  }\n  if (originAllowed === true)",
  },
  {
    name: 'match the host behind the star only',
    promise: 'no page reads what its policy forbids',
    file: 'src/origin/pattern/star-patterns.ts',
    find: '(label === undefined || (isFirst && matchesLabel(label, origin, labelStart, dot)))',
    replace: '(label === undefined || isFirst)',
  },
  {
    name: 'expose nothing on errors',
    promise: 'no page is denied what its policy grants',
    file: 'src/http/head/head-guard.ts',
    find: 'const decision = this.headersSent ? undefined : decide(this, given);',
    replace: `const made = this.headersSent ? undefined : decide(this, given);
    const at = made?.headers.indexOf('Access-Control-Expose-Headers') ?? -1;
    const decision =
      made === undefined || at < 0 || statusCode < 400
        ? made
        : { ...made, headers: made.headers.filter((_, index) => index !== at && index !== at + 1) };`,
  },
  {
    name: 'expose a name that no policy exposes',
    promise: 'no page reads what its policy forbids',
    file: 'src/policy/policy-compiler.ts',
    find: "actualHeaders.push('Access-Control-Expose-Headers', exposed.join(','));",
    replace: "actualHeaders.push('Access-Control-Expose-Headers', [...exposed, 'x-internal'].join(','));",
  },
  {
    name: 'drop credentials from preflights',
    promise: 'no page is denied what its policy grants',
    file: 'src/policy/decide.ts',
    find: "  if (policy.credentials) {\n    headers[at++] = 'Access-Control-Allow-Credentials';",
    replace: "  if (policy.credentials && origin === '') {\n    headers[at++] = 'Access-Control-Allow-Credentials';",
  },
  {
    name: 'leave errors of handlers bare',
    promise: 'no page is denied what its policy grants',
    file: 'src/http/head/head-guard.ts',
    find: 'const decision = this.headersSent ? undefined : decide(this, given);',
    replace: 'const decision = this.headersSent || statusCode >= 500 ? undefined : decide(this, given);',
  },
  {
    name: 'leave disabled routes to their handlers',
    promise: 'the handlers that run',
    file: 'src/policy/decide.ts',
    find: "disabled: bare('refused', 'disabled', vary),",
    replace: 'disabled: LEFT_ALONE,',
  },
  {
    name: 'allow every method',
    seed: 11,
    promise: 'no page reads what its policy forbids',
    file: 'src/policy/decide.ts',
    find: 'return policy.methods === undefined || isSafelistedMethod(method) || policy.methods.has(method);',
    replace: 'return policy.methods === undefined || method !== undefined;',
  },
  {
    name: 'allow every header',
    promise: 'no page reads what its policy forbids',
    file: 'src/policy/request-headers.ts',
    find: 'return policy.allowedHeaders.has(name) ||',
    replace: 'return name.length > 0 || policy.allowedHeaders.has(name) ||',
  },
  {
    name: 'enforce nothing',
    promise: 'the handlers that run',
    file: 'src/http/enforcement/enforced-requests.ts',
    find: "return enforce === 'all' || (enforce === 'unsafe-methods' && !isSafeMethod(method));",
    replace: "return enforce === 'all' && !isSafeMethod('');",
  },
  {
    name: 'let preflights be cached for handlers with other policies',
    seed: 11,
    promise: 'no page reads what its policy forbids',
    file: 'src/http/preflight/preflight.ts',
    find: 'isUncacheable(this.#lookup, this, candidates, match.policy);',
    replace: 'isUncacheable(this.#lookup, this, [], match.policy) && candidates.length < 0;',
  },
  {
    name: 'let named policies inherit from the module',
    promise: 'no page reads what its policy forbids',
    file: 'src/policy/merge.ts',
    find: 'levels = named === undefined ? [level] : [named, level];',
    replace: 'levels = named === undefined ? [level] : [applicationWide, named, level];',
  },
];
