import type { CorsProblem } from '../policy/problem.js';
import { type ConflictCause, type ConstraintConflict, MOST_COMBINATIONS } from '../routes/constraint-conflicts.js';
import type { RouteEntry } from '../routes/route-entry.js';

/** The problem of handlers that no list of candidates can tell apart. */
export function constraintProblem({ routes, cause }: ConstraintConflict<RouteEntry>): CorsProblem {
  const constrained = routes.filter(({ constraints }) => constraints !== undefined);
  const value = Object.fromEntries(
    constrained.flatMap(({ constraints = [] }) => constraints.map(({ strategy, values }) => [strategy, values])),
  );
  return {
    code: 'constraint-unsupported',
    targets: [...new Set(routes.map(({ target }) => target))],
    value,
    message: `These handlers share ${routes[0]?.method} ${routes[0]?.path} and have different policies, and ${reasonOf(cause)}. A preflight does not carry what the router reads, so its policy cannot be known.`,
    remedy: remedyOf(cause),
  };
}

function reasonOf(cause: ConflictCause): string {
  switch (cause.kind) {
    case 'asynchronous':
      return `the constraint strategy \`${cause.strategy}\` is asynchronous`;
    case 'unlisted':
      return `the values of the constraint \`${cause.strategy}\` cannot be listed (an expression, a range, or a storage that matches more than equal text)`;
    case 'combinations':
      return `their constraints (${cause.strategies.map((name) => `\`${name}\``).join(', ')}) have ${cause.count} combinations of values, of at most ${MOST_COMBINATIONS}`;
  }
}

function remedyOf(cause: ConflictCause): string {
  const onePolicy =
    "Give all these handlers one policy, for example by `@Cors({ origin: 'https://app.example.com' })` on the controller instead of on its handlers";
  switch (cause.kind) {
    case 'asynchronous':
      return `${onePolicy}, or read the constraint synchronously: \`deriveConstraint: (request) => request.headers['x-tenant']\`.`;
    case 'unlisted':
      return `${onePolicy}, or name each value, with a storage that compares text: \`@RouteConstraints({ ${propertyOf(cause.strategy)}: 'a' })\` and \`storage: () => { const routes = new Map(); return { get: (value) => routes.get(value), set: (value, route) => routes.set(value, route) }; }\`.`;
    case 'combinations':
      return `${onePolicy}, or choose between them in one handler.`;
  }
}

function propertyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
