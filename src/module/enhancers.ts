import type { ApplicationConfig } from '@nestjs/core';
import { addLastGuard } from '../boot/metadata/guard-metadata.js';
import type { RouteRecord } from '../boot/routes/collect-routes.js';
import { enforcesAnything } from '../http/enforcement/enforced-requests.js';
import type { RouteEntry } from '../routes/route-entry.js';
import { CorsInterceptor } from './cors.interceptor.js';
import { CorsExceptionFilter } from './cors-exception.filter.js';
import { ENFORCEMENT_GUARD } from './enforcement.guard.js';

/**
 * Makes Nest enforce the policies of handlers. A guard on the handler is enough, unless requests may reach a function
 * that is not known at boot. Such a function has only the enhancers of the application, so an interceptor enforces
 * there. The interceptor slows down every handler; a guard slows down only the handlers that enforce.
 *
 * @param entries the entries of the records, in the same order
 */
export function addEnhancers(
  config: ApplicationConfig,
  filter: CorsExceptionFilter,
  records: readonly RouteRecord[],
  entries: readonly RouteEntry[],
): void {
  const enforcing = records.filter((_record, index) => enforcesAnything(entries[index] as RouteEntry));
  for (const { registered } of enforcing) {
    addLastGuard(registered, ENFORCEMENT_GUARD);
  }
  if (enforcing.some(({ replaceable }) => replaceable)) {
    // The first interceptor, so that no cache or transaction runs before it.
    addFirst(config.getGlobalInterceptors(), new CorsInterceptor(), (one) => one instanceof CorsInterceptor);
  }
  if (enforcing.length > 0) {
    // Nest uses the last filter that matches. As the first one, ours never overrides a filter of the application.
    addFirst(config.getGlobalFilters(), filter, (one) => one instanceof CorsExceptionFilter);
  }
}

function addFirst<Enhancer>(enhancers: Enhancer[], enhancer: Enhancer, isThere: (one: Enhancer) => boolean): void {
  if (!enhancers.some(isThere)) {
    enhancers.unshift(enhancer);
  }
}
