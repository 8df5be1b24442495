import type { ApplicationConfig } from '@nestjs/core';
import { enforcesAnything } from '../http/enforcement.js';
import type { RouteEntry } from '../routes/route-entry.js';
import type { RouteRecord } from './collect-routes.js';
import { CorsInterceptor } from './cors.interceptor.js';
import { CorsExceptionFilter } from './cors-exception.filter.js';
import { guardHandler } from './enforcement.guard.js';

/**
 * Makes Nest enforce the policies of handlers. A guard on the handler is enough, unless requests may reach a function
 * that is not known now: such functions only have the enhancers of the application, so that there the interceptor does
 * it. It would slow down every handler, guards on the handlers that enforce do not.
 *
 * @param entries those of the records, in the same order
 */
export function addEnhancers(
  config: ApplicationConfig,
  filter: CorsExceptionFilter,
  records: readonly RouteRecord[],
  entries: readonly RouteEntry[],
): void {
  const enforcing = records.filter((_record, index) => enforcesAnything(entries[index] as RouteEntry));
  for (const { registered } of enforcing) {
    guardHandler(registered);
  }
  if (enforcing.some(({ replaceable }) => replaceable)) {
    // First of all, so that no cache or transaction runs before.
    addFirst(config.getGlobalInterceptors(), new CorsInterceptor(), (one) => one instanceof CorsInterceptor);
  }
  if (enforcing.length > 0) {
    // Nest takes the last filter that matches: as the first one ours never comes before one of the application's.
    addFirst(config.getGlobalFilters(), filter, (one) => one instanceof CorsExceptionFilter);
  }
}

function addFirst<Enhancer>(enhancers: Enhancer[], enhancer: Enhancer, isThere: (one: Enhancer) => boolean): void {
  if (!enhancers.some(isThere)) {
    enhancers.unshift(enhancer);
  }
}
