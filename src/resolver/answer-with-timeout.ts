import type { Clock } from './clock.js';
import type { ResolverEventCode } from './resolver-event.js';

/** How a promise ended: as it did itself, or by running out of time. */
export type TimedAnswer =
  | { readonly status: 'fulfilled'; readonly value: unknown }
  | { readonly status: 'rejected'; readonly error: unknown }
  | { readonly status: 'late' };

const LATE: TimedAnswer = Object.freeze({ status: 'late' });

/** Whether a value is a promise or anything else with a `then` method. Runs the value's own getter, which may throw. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/**
 * Waits for a promise, but not for longer than the deadline. The promise returned is never rejected, and a rejection
 * after the deadline is taken note of and dropped, so that it cannot end the process.
 *
 * @param pending a promise or anything with a `then` method
 * @param milliseconds the deadline; anything below 1 counts as 1
 * @param whenLate is given what `pending` is fulfilled with after the deadline
 */
export function settleWithin(
  pending: PromiseLike<unknown>,
  milliseconds: number,
  clock: Clock,
  whenLate?: (value: unknown) => void,
): Promise<TimedAnswer> {
  return new Promise((settle) => {
    let late = false;
    const cancel = clock.setTimer(
      () => {
        late = true;
        settle(LATE);
      },
      Math.max(1, milliseconds),
    );
    // A foreign `then` may throw or call back twice; `Promise.resolve` makes an honest promise of it.
    Promise.resolve(pending).then(
      (value) => {
        if (late) {
          whenLate?.(value);
        } else {
          cancel();
          settle({ status: 'fulfilled', value });
        }
      },
      (error: unknown) => {
        if (!late) {
          cancel();
          settle({ status: 'rejected', error });
        }
      },
    );
  });
}

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
export function answerWithTimeout(
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
  }).then((answer) => toOutcome(answer, milliseconds));
}

function toOutcome(answer: TimedAnswer, milliseconds: number): Outcome {
  switch (answer.status) {
    case 'fulfilled':
      return typeof answer.value === 'boolean' ? answer.value : notBoolean(answer.value);
    case 'rejected':
      return { code: 'resolver-rejected', message: 'rejected its promise', error: answer.error };
    case 'late':
      return { code: 'resolver-timeout', message: `did not answer within ${Math.ceil(milliseconds)} ms` };
  }
}

function notBoolean(value: unknown): ResolverFailure {
  const received = value === null ? 'null' : typeof value;
  return { code: 'resolver-not-boolean', message: `answered with ${received} where only true or false counts` };
}
