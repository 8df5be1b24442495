import type { Clock } from './clock.js';

/** How a promise ended: as it did itself, or by running out of time. */
export type Settlement =
  | { readonly status: 'fulfilled'; readonly value: unknown }
  | { readonly status: 'rejected'; readonly error: unknown }
  | { readonly status: 'late' };

const LATE: Settlement = Object.freeze({ status: 'late' });

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
): Promise<Settlement> {
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
