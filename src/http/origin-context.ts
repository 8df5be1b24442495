import type { OriginContext } from '../origin/origin-resolver.js';
import type { CompiledPolicy } from '../policy/compiled-policy.js';
import type { RouteEntry } from '../routes/route-entry.js';

/** What a predicate or resolver that wants it is told about a request. */
export function originContext(
  request: unknown,
  method: string,
  path: string,
  entry: RouteEntry | undefined,
  policy: CompiledPolicy,
  preflight: boolean,
): OriginContext {
  return Object.freeze({
    request,
    method,
    path,
    policy: entry?.target ?? policy.target,
    preflight,
    ...(entry === undefined ? {} : { controller: entry.controller, handler: entry.handler }),
  });
}
