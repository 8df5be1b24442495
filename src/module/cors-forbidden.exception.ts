import { ForbiddenException } from '@nestjs/common';
import { FORBIDDEN_BODY } from '../http/enforcement/forbidden-response.js';
import type { CorsReason } from '../policy/decision.js';

/** A property of the exception in every copy of the package. */
const BRAND = Symbol.for('nestjs-cors.forbidden');

/**
 * Thrown for a disallowed cross-origin request to a handler whose policy sets `enforce`. The exception filters of the
 * application receive it. If no filter catches it, the answer is 403 without CORS headers, and its body has `code:
 * 'cors-forbidden'`. The reason is for logs and is not sent. Below `paths` there are no filters: a refused request gets
 * the same answer without this exception.
 */
export class CorsForbiddenException extends ForbiddenException {
  readonly [BRAND] = true;
  /** Why the request was refused. */
  readonly reason: CorsReason;
  /** The handler that was not run. */
  readonly target: string;

  constructor(reason: CorsReason, target: string) {
    super({ ...FORBIDDEN_BODY });
    this.reason = reason;
    this.target = target;
  }

  /** Also recognises the exception of another copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this method and keeps the usual check
    if (this !== CorsForbiddenException) {
      // biome-ignore lint/complexity/noThisInStatic: as above
      return Function.prototype[Symbol.hasInstance].call(this, value);
    }
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
