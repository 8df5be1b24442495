import type { CompiledPolicy } from '../../../src/policy/compiled-policy.js';
import { decideActual, decidePreflight } from '../../../src/policy/decide.js';
import type { CorsDecision, CorsRequestFacts } from '../../../src/policy/decision.js';
import { mergeLevels } from '../../../src/policy/merge.js';
import { NOT_ENFORCED, PolicyCompiler } from '../../../src/policy/policy-compiler.js';
import type { CorsPolicyOptions } from '../../../src/policy/policy-options.js';

export const APP = 'https://app.example.com';

/** A policy of one level, compiled by a compiler of its own. */
export function compiled(options: CorsPolicyOptions): CompiledPolicy {
  return new PolicyCompiler().compile(mergeLevels('CorsModule', [{ target: 'CorsModule', options }]));
}

/** Decides a preflight if the facts name a method, and an actual request otherwise. */
export function decide(policy: CompiledPolicy, facts: CorsRequestFacts): CorsDecision {
  return facts.requestedMethod === undefined
    ? decideActual(policy, facts.origin, facts.originAllowed)
    : decidePreflight(policy, facts);
}

/** Options of every kind of open policy, for properties that hold for all of them. */
export const OPEN_OPTIONS: readonly CorsPolicyOptions[] = Object.freeze([
  { origin: '*' },
  { origin: '*', exposedHeaders: ['x-total'], allowedHeaders: ['*'] },
  { origin: APP },
  { origin: APP, credentials: true, allowedHeaders: ['*'], methods: ['PUT'], maxAge: 60 },
  { origin: ['https://*.example.com', 'http://localhost:*'], allowedHeaders: ['x-a', 'x-b'] },
  { origin: 'https://app-*.example.com', methods: ['*'] },
  { origin: () => true, exposedHeaders: ['x-total'] },
]);

/** Every kind of policy there is. */
export const POLICIES: readonly CompiledPolicy[] = Object.freeze([
  compiled({}),
  new PolicyCompiler().disabled('CorsModule', NOT_ENFORCED),
  ...OPEN_OPTIONS.map(compiled),
]);
