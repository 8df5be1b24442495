import { type ConflictCause, type ConstraintConflict, MOST_COMBINATIONS } from '../../routes/constraint-conflicts.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import type { CorsProblem } from '../../validation/problems/problem.js';
import { quoteValue } from '../../validation/problems/quote-value.js';

/** The problem of handlers with different policies, if a preflight does not show which one the router will select. */
export function constraintProblem({ routes, cause }: ConstraintConflict<RouteEntry>): CorsProblem {
  const [first] = routes;
  return {
    code: 'constraint-unsupported',
    targets: [...new Set(routes.map(({ target }) => target))],
    ...(cause.kind === 'combinations' ? {} : { value: cause.value }),
    message: `These handlers share URLs and a method (${first?.method} ${first?.path}) and have different policies. ${reasonOf(cause)}, so no preflight shows which handler it is for.`,
    remedy: `Give these handlers one policy, for example \`@Cors({ origin: 'https://app.example.com' })\` on the controller and none on its handlers. ${alternativeOf(cause)}`,
  };
}

function reasonOf(cause: ConflictCause): string {
  switch (cause.kind) {
    case 'asynchronous':
      return `The constraint strategy \`${cause.strategy}\` is asynchronous`;
    case 'unlisted':
      return `The constraint \`${cause.strategy}\` with ${quoteValue(cause.value)} matches values that cannot be listed`;
    case 'combinations':
      return `Their constraints (${cause.strategies.map((name) => `\`${name}\``).join(', ')}) have ${cause.count} combinations of values, and at most ${MOST_COMBINATIONS} are compared`;
  }
}

function alternativeOf(cause: ConflictCause): string {
  switch (cause.kind) {
    case 'asynchronous':
      return "Or make the strategy synchronous: `deriveConstraint: (request) => request.headers['x-tenant']`.";
    case 'unlisted':
      return `Or name each value, as in \`@RouteConstraints({ ${propertyOf(cause.strategy)}: 'a' })\`, with a storage that compares text: \`storage: () => { const routes = new Map(); return { get: (value) => routes.get(value), set: (value, route) => routes.set(value, route) }; }\`.`;
    case 'combinations':
      return 'Or choose between these values in one handler, without a constraint.';
  }
}

function propertyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
