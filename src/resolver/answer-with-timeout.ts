import type { Clock } from './clock.js';
import type { ResolverEventCode } from './resolver-event.js';

/** A call that gave no answer. */
export class Failure {
  readonly code: ResolverEventCode;
  /** The end of a sentence that begins with the name of what was called. */
  readonly message: string;
  readonly error: unknown;

  constructor(code: ResolverEventCode, message: string, error?: unknown) {
    this.code = code;
    this.message = message;
    this.error = error;
  }
}

/**
 * Calls a function that may return a promise, with a timeout. A value is returned synchronously. A promise that is
 * returned here never rejects and never takes longer than the timeout.
 *
 * @param milliseconds the timeout; anything below 1 counts as 1
 * @param onLateAnswer receives what the promise is fulfilled with after the timeout
 * @returns the value or a {@link Failure}, or a promise of one of them
 */
export function answerWithTimeout(
  call: () => unknown,
  milliseconds: number,
  clock: Clock,
  onLateAnswer?: (value: unknown) => void,
): unknown {
  let pending: unknown;
  try {
    pending = call();
    if (!isThenable(pending)) {
      return pending;
    }
  } catch (error) {
    return new Failure('resolver-threw', 'threw an error', error);
  }
  return new Promise((settle) => {
    let late = false;
    const cancelTimer = clock.setTimer(
      () => {
        late = true;
        settle(new Failure('resolver-timeout', `did not answer within ${Math.ceil(milliseconds)} ms`));
      },
      Math.max(1, milliseconds),
    );
    // `Promise.resolve`, because the `then` of another library may throw or call back twice.
    Promise.resolve(pending).then(
      (value) => {
        cancelTimer();
        if (late) {
          onLateAnswer?.(value);
        } else {
          settle(value);
        }
      },
      (error: unknown) => {
        cancelTimer();
        settle(new Failure('resolver-rejected', 'rejected its promise', error));
      },
    );
  });
}

function isThenable(value: unknown): boolean {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject && typeof (value as { then?: unknown }).then === 'function';
}
