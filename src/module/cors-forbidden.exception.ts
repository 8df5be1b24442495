import { ForbiddenException } from '@nestjs/common';
import { FORBIDDEN_BODY } from '../http/enforcement/forbidden-response.js';
import type { CorsReason } from '../policy/decision.js';

const MARK = Symbol.for('nestjs-cors.forbidden');

/**
 * Thrown for a disallowed cross-origin request where the policy enforces (`enforce`), through the application's own
 * exception filters. Answered with 403, no CORS headers and a body with `code: 'cors-forbidden'`, unless a filter of the
 * application catches it. The reason is for logs, it is not sent. What `paths` enforce is answered before there are
 * filters, without this exception.
 */
export class CorsForbiddenException extends ForbiddenException {
  readonly [MARK] = true;
  /** Why the request was refused. */
  readonly reason: CorsReason;
  /** The handler that was not run. */
  readonly target: string;

  constructor(reason: CorsReason, target: string) {
    super({ ...FORBIDDEN_BODY });
    this.reason = reason;
    this.target = target;
  }

  /** Recognises the exception of another copy of this package, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this and is recognised as any other class
    if (this !== CorsForbiddenException) {
      // biome-ignore lint/complexity/noThisInStatic: as above
      return Function.prototype[Symbol.hasInstance].call(this, value);
    }
    return typeof value === 'object' && value !== null && MARK in value;
  }
}
