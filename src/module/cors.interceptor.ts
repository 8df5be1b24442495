import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { enforce } from './enforcement.guard.js';

/**
 * Enforces where no guard on the handler can: see `addEnhancers`. As the first interceptor of an application it runs
 * after all guards, and before everything else.
 */
export class CorsInterceptor implements NestInterceptor {
  /** @throws CorsForbiddenException when the request is refused */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    enforce(context);
    return next.handle();
  }
}
