import type { Clock } from './clock.js';
import type { ResolverEventCode } from './resolver-event.js';
import { isThenable, type Settlement, settleWithin } from './settlement.js';

/** Why there is no answer. */
export interface ResolverFailure {
  readonly code: Extract<
    ResolverEventCode,
    'resolver-threw' | 'resolver-rejected' | 'resolver-timeout' | 'resolver-not-boolean'
  >;
  readonly message: string;
  readonly error?: unknown;
}

/** An answer, or why there is none. */
export type Outcome = boolean | ResolverFailure;

/**
 * Calls a function of the user's. Whatever it does, the outcome is `true`, `false` or a failure: it is never thrown,
 * never rejected and never later than the deadline. A function that answers at once is answered at once.
 *
 * @param call the resolver or predicate with its arguments
 * @param milliseconds how long a promise may take
 * @param whenLate is given a `true` or `false` that arrives after the deadline
 */
export function guardedAnswer(
  call: () => unknown,
  milliseconds: number,
  clock: Clock,
  whenLate?: (allowed: boolean) => void,
): Outcome | Promise<Outcome> {
  let pending: PromiseLike<unknown>;
  try {
    const value = call();
    if (typeof value === 'boolean') {
      return value;
    }
    if (!isThenable(value)) {
      return notBoolean(value);
    }
    pending = value;
  } catch (error) {
    return { code: 'resolver-threw', message: 'threw an error', error };
  }
  return settleWithin(pending, milliseconds, clock, (value) => {
    if (typeof value === 'boolean') {
      whenLate?.(value);
    }
  }).then((settlement) => toOutcome(settlement, milliseconds));
}

function toOutcome(settlement: Settlement, milliseconds: number): Outcome {
  switch (settlement.status) {
    case 'fulfilled':
      return typeof settlement.value === 'boolean' ? settlement.value : notBoolean(settlement.value);
    case 'rejected':
      return { code: 'resolver-rejected', message: 'rejected its promise', error: settlement.error };
    case 'late':
      return { code: 'resolver-timeout', message: `did not answer within ${Math.ceil(milliseconds)} ms` };
  }
}

function notBoolean(value: unknown): ResolverFailure {
  const received = value === null ? 'null' : typeof value;
  return { code: 'resolver-not-boolean', message: `answered with ${received} where only true or false counts` };
}
