import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { enforce } from './enforcement.guard.js';

/**
 * Enforces where a guard on the handler cannot: see `addEnhancers`. It is the first interceptor of the application, so
 * it runs after all guards, and before pipes, other interceptors and the handler.
 */
export class CorsInterceptor implements NestInterceptor {
  /** @throws CorsForbiddenException when the request is refused */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    enforce(context);
    return next.handle();
  }
}
