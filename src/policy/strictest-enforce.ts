import type { CompiledPolicy } from './compiled-policy.js';
import type { EnforceOption } from './policy-options.js';

/** What is enforced where any of some policies might be meant. */
export function strictestEnforce(policies: readonly Pick<CompiledPolicy, 'enforce'>[]): EnforceOption {
  const wishes = new Set(policies.map(({ enforce }) => enforce));
  return wishes.has('all') ? 'all' : wishes.has('unsafe-methods') ? 'unsafe-methods' : false;
}
