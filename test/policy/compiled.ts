import type { CompiledPolicy } from '../../src/policy/compiled-policy.js';
import { mergeLevels } from '../../src/policy/merge.js';
import { PolicyCompiler } from '../../src/policy/policy-compiler.js';
import type { CorsPolicyOptions } from '../../src/policy/policy-options.js';

export const APP = 'https://app.example.com';

/** A policy of one level, compiled by a compiler of its own. */
export function compiled(options: CorsPolicyOptions): CompiledPolicy {
  return new PolicyCompiler().compile(mergeLevels('CorsModule', [{ target: 'CorsModule', options }]));
}

/** Every kind of policy there is, for properties that hold for all of them. */
export const POLICIES: readonly CompiledPolicy[] = Object.freeze([
  compiled({}),
  new PolicyCompiler().disabled('CorsModule', false),
  compiled({ origin: '*' }),
  compiled({ origin: '*', exposedHeaders: ['x-total'], allowedHeaders: ['*'] }),
  compiled({ origin: APP }),
  compiled({ origin: APP, credentials: true, allowedHeaders: ['*'], methods: ['PUT'], maxAge: 60 }),
  compiled({ origin: ['https://*.example.com', 'http://localhost:*'], allowedHeaders: ['x-a', 'x-b'] }),
  compiled({ origin: 'https://app-*.example.com', methods: ['*'] }),
  compiled({ origin: () => true, exposedHeaders: ['x-total'] }),
]);
