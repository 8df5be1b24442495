import type { Target } from '../merged-policy.js';
import type { CorsProblem } from '../problem.js';
import { quoteValue } from './quote-value.js';

/**
 * Copies the own properties of an object the user wrote, each read once: what is inherited does not count, later changes
 * mean nothing, and a getter that throws is an `option-type` problem.
 *
 * @param property what the object is called in problems, for example `paths[0]`
 */
export function readOwn(
  value: object,
  property: string,
  target: Target,
  problems: CorsProblem[],
): Readonly<Record<string, unknown>> {
  const copy: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(value)) {
    if (name === '__proto__') {
      continue;
    }
    try {
      copy[name] = (value as Record<string, unknown>)[name];
    } catch (error) {
      problems.push({
        code: 'option-type',
        targets: [target],
        property: `${property}.${name}`,
        value: undefined,
        message: `Reading ${property}.${name} threw ${quoteValue(error instanceof Error ? error.message : error)}.`,
        remedy: `Write ${property}.${name} as a plain value instead of a getter.`,
      });
    }
  }
  return copy;
}
