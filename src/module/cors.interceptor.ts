import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  Optional,
} from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { CorsReason } from '../policy/decision.js';
import { CorsForbiddenException } from './cors-forbidden.exception.js';
import { CORS_RUNTIME } from './tokens.js';

/** What the interceptor asks: whether the handler that was reached must not run, and why. */
export interface Enforcement {
  readonly handling: {
    enforcementRefusal(request: unknown, response: object): CorsReason | undefined;
  };
}

/**
 * Keeps handlers from running for disallowed cross-origin requests where the policy says so (`enforce`), and where the
 * version that a preflight could not carry turns out to be another one's. It runs after guards and before pipes, and
 * leaves all contexts but `http` alone.
 */
@Injectable()
export class CorsInterceptor implements NestInterceptor {
  constructor(@Optional() @Inject(CORS_RUNTIME) private readonly runtime: Enforcement | undefined) {}

  /** @throws CorsForbiddenException when the request is refused */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http' && this.runtime !== undefined) {
      const http = context.switchToHttp();
      const reason = this.runtime.handling.enforcementRefusal(http.getRequest(), http.getResponse());
      if (reason !== undefined) {
        throw new CorsForbiddenException(reason, `${context.getClass().name}.${context.getHandler().name}`);
      }
    }
    return next.handle();
  }
}
