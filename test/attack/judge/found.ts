import type { Reply } from '../client.js';
import type { RequestPlan } from '../plan.js';

/** The checks of every exchange. */
export const CHECKS = Object.freeze([
  'preflight policy',
  'origin granted',
  'credentials granted',
  'method granted',
  'header granted',
  'exposed headers',
  'enforced',
  'vary',
  'one origin header',
  'max-age',
  'no-store',
  'would-refuse',
  'published',
  'status',
  'hang',
] as const);
export type Check = (typeof CHECKS)[number];

/** A grant that the policy does not allow, or a behaviour that is always wrong. */
export interface Violation {
  readonly check: Check;
  readonly text: string;
}

const PREFIX = 'access-control-';

/** The violations of one exchange. */
export class Found {
  readonly violations: Violation[] = [];
  readonly #request: RequestPlan;
  readonly #what: string;

  constructor(request: RequestPlan, what: string) {
    this.#request = request;
    this.#what = what;
  }

  add(check: Check, text: string): void {
    const { method, target, origin } = this.#request;
    this.violations.push({
      check,
      text: `${this.#what} ${method} ${target.slice(0, 120)} from ${origin.slice(0, 80)}: ${text}`,
    });
  }

  expect(check: Check, name: string, reply: Reply, wanted: string | undefined): void {
    const came = values(reply, name);
    if (came.length > 1) {
      this.add('one origin header', `${name} came ${came.length} times: ${came.join(' | ')}`);
    } else if (came[0] !== wanted) {
      this.add(check, `${name} is ${came[0]} instead of ${wanted}`);
    }
  }
}

/** Expects a response that grants nothing. */
export function expectNothing(found: Found, reply: Reply): void {
  for (const [name, value] of reply.lines) {
    if (name.startsWith(PREFIX)) {
      const check = name === 'access-control-allow-credentials' ? 'credentials granted' : 'origin granted';
      found.add(check, `refused, but with ${name}: ${value}`);
    }
  }
}

/** Expects names in Vary. Others may be present. */
export function expectVary(found: Found, reply: Reply, names: readonly string[]): void {
  const vary = values(reply, 'vary')
    .join(',')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const missing = names.filter((name) => !vary.includes(name));
  if (missing.length > 0 && !vary.includes('*')) {
    found.add('vary', `without ${missing.join(', ')}`);
  }
}

/** All values of a header. */
export function values({ lines }: Reply, name: string): string[] {
  return lines.filter(([line]) => line === name).map(([, value]) => value);
}
