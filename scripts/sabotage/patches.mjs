/**
 * Damage that the tests must notice. Each entry replaces `find`, which occurs exactly once in `file`, by `replace`; then
 * at least one test of the file `spec` whose full name matches the regular expression `test` must fail. Choose a patch
 * that still loads (a suite that cannot be loaded proves nothing) and a test that states the damaged promise.
 *
 * @type {{ name: string, file: string, find: string, replace: string, spec: string, test: string }[]}
 */
export const patches = [
  {
    name: 'look a preflight up without the constraints of routes',
    file: 'src/http/fastify/fastify-routes.ts',
    find: 'for (const hidden of constraints.sets()) {',
    replace: 'for (const hidden of constraints.sets().slice(0, 1)) {',
    spec: 'test/e2e/route-constraints.spec.ts',
    test: 'is allowed by one of them, and nothing is kept',
  },
  {
    name: 'enforce only what versions hide',
    file: 'src/routes/route-overlap.ts',
    find: 'return versions !== undefined || constraints !== undefined;',
    replace: 'return versions !== undefined && constraints === undefined;',
    spec: 'test/e2e/route-constraints.spec.ts',
    test: 'the actual request is enforced against its own handler',
  },
  {
    name: 'hand on the raw request where the router turns a request away',
    file: 'src/http/fastify/fastify-platform.ts',
    find: 'this.#requests.of(raw) ?? raw',
    replace: 'raw',
    spec: 'test/e2e/turned-away-requests.spec.ts',
    test: 'tells a predicate the host',
  },
  {
    name: 'take the host of what the router turned away from the raw request',
    file: 'src/http/fastify/fastify-requests.ts',
    find: 'const kept = this.#kept.get(raw);',
    replace: 'const kept = this.#kept.get(raw) ?? (raw as unknown as FastifyRequest);',
    spec: 'test/e2e/turned-away-requests.spec.ts',
    test: 'is answered by the handler that its host reaches',
  },
  {
    name: 'remove the guard of handlers that enforce',
    file: 'src/module/enhancers.ts',
    find: '    guardHandler(registered);',
    replace: '    void registered;',
    spec: 'test/e2e/enforcement.spec.ts',
    test: 'refuses after guards and before pipes',
  },
  {
    name: 'put the guard of handlers that enforce before other guards',
    file: 'src/module/enforcement.guard.ts',
    find: '[...guards.filter((guard) => !isOurs(guard)), GUARD]',
    replace: '[GUARD, ...guards.filter((guard) => !isOurs(guard))]',
    spec: 'test/e2e/enforcement-order.spec.ts',
    test: 'runs no interceptor',
  },
  {
    name: 'remove the interceptor',
    file: 'src/module/enhancers.ts',
    find: 'addFirst(config.getGlobalInterceptors(), new CorsInterceptor(), (one) => one instanceof CorsInterceptor);',
    replace: '',
    spec: 'test/e2e/enforcement-replaced-methods.spec.ts',
    test: 'made for each request',
  },
  {
    name: 'remove the filter',
    file: 'src/module/enhancers.ts',
    find: 'addFirst(config.getGlobalFilters(), filter, (one) => one === filter);',
    replace: '',
    spec: 'test/package/other-copy.spec.ts',
    test: 'answered by our filter like our own',
  },
  {
    name: 'drop the handler note',
    file: 'src/http/express/express-routes.ts',
    find: `        (response as SlottedResponse)[state] = entry;
        return handler.call(this, request, response, next);`,
    replace: '        return handler.call(this, request, response, next);',
    spec: 'test/e2e/middleware-responses.spec.ts',
    test: 'the handler that answered after a middleware rewrote the URL',
  },
  {
    name: 'know routes by their place alone',
    file: 'src/module/route-registry.ts',
    find: '(isTagged(registered, tag) || isBare()) &&',
    replace: '',
    spec: 'test/e2e/unexpected-routes.spec.ts',
    test: 'does not get the policy of that one',
  },
  {
    name: 'forget declarations whose method was replaced',
    file: 'src/module/route-declarations.ts',
    find: 'const declarations = written ?? carried;',
    replace: 'const declarations = carried;',
    spec: 'test/e2e/shadowed-decorators.spec.ts',
    test: 'disables the handler, and not the one beside it: wrapper',
  },
  {
    name: 'know routes without their versions',
    file: 'src/module/route-registry.ts',
    find: "(this.platform.name !== 'fastify' || isForVersions(handler, versions))",
    replace: 'true',
    spec: 'test/e2e/left-out-routes.spec.ts',
    test: 'leave the policies of their classes to nobody',
  },
  {
    name: 'hide our headers from response loggers',
    file: 'src/http/express/express-platform.ts',
    find: 'return false; // response loggers and serverless adapters read with getHeaders()',
    replace: 'return true;',
    spec: 'test/e2e/visible-headers.spec.ts',
    test: 'includes ours on the response to /empty',
  },
  {
    name: 'leave out routes that take anything',
    file: 'src/routes/route-candidates.ts',
    find: `  if (node.open !== undefined) {
    search.take(node.open);
  }
`,
    replace: '',
    spec: 'test/e2e/preflight-routing.spec.ts',
    test: 'follows a parameter that may be left out',
  },
  {
    name: 'read the URL late',
    file: 'src/http/cors-request-handling.ts',
    find: "const target = state === undefined ? { method: raw.method ?? '', url: raw.url ?? '' } : capturedTarget(state);",
    replace: "const target = { method: raw.method ?? '', url: raw.url ?? '' };",
    spec: 'test/e2e/middleware-responses.spec.ts',
    test: '/app/answers: the policy of the route the request was for',
  },
  {
    name: 'answer preflights with the app-wide policy',
    file: 'src/http/preflight.ts',
    find: '  const candidates = lookup.platform.candidates(query);',
    replace: '  const candidates: readonly RouteEntry[] = [];',
    spec: 'test/e2e/policy-cascade.spec.ts',
    test: 'decides for each method of one path by its own handler',
  },
  {
    name: 'replace Vary instead of adding to it',
    file: 'src/http/vary.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source that is looked for has a template
    find: "return text.trim() === '' ? missing.join(', ') : `${text}, ${missing.join(', ')}`;",
    replace: "return missing.join(', ');",
    spec: 'test/e2e/response-writing.spec.ts',
    test: 'carries our headers and no others on an open route',
  },
  {
    name: 'skip the head guard',
    file: 'src/http/head-guard.ts',
    find: 'const decision = this.headersSent ? undefined : decide(this);',
    replace: 'const decision = undefined as CorsDecision | undefined;',
    spec: 'test/e2e/policy-cascade.spec.ts',
    test: 'gives an undecorated handler the app-wide policy',
  },
];
