import type { CompiledApplication } from '../boot/compile-application.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import { quoteValue } from '../validation/problems/quote-value.js';

/**
 * Finds a policy of the module by its name; the application-wide policy without a name.
 *
 * @throws Error for an unknown name
 */
export function findPolicy({ policies }: CompiledApplication, name: string | undefined): CompiledPolicy {
  if (name === undefined) {
    return policies.applicationWide;
  }
  const policy = policies.named.get(name);
  if (policy === undefined) {
    const known = [...policies.named.keys()].map(quoteValue).join(', ');
    throw new Error(
      `There is no CORS policy named ${quoteValue(name)}. ${known === '' ? 'CorsModule.forRoot() names no policies' : `The named policies are ${known}`}.`,
    );
  }
  return policy;
}
