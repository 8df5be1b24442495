import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { GUARD_BRAND } from '../boot/metadata/guard-metadata.js';
import { ENFORCEMENT_CHECK, type EnforcementCheck } from '../http/enforcement/enforcement-check.js';
import { CorsForbiddenException } from './cors-forbidden.exception.js';

/**
 * Throws for a request that the policy of its handler refuses. The check is a property of the response, because
 * applications of one testing module share guards and interceptors. Contexts other than `http` pass.
 *
 * @throws CorsForbiddenException
 */
export function enforce(context: ExecutionContext): void {
  if (context.getType() !== 'http') {
    return;
  }
  const http = context.switchToHttp();
  const response = http.getResponse() as ResponseOfAnyPlatform | null | undefined;
  const check = response?.[ENFORCEMENT_CHECK] ?? response?.raw?.[ENFORCEMENT_CHECK];
  const refusal = check?.refusalOf(response as object);
  if (refusal !== undefined) {
    throw new CorsForbiddenException(refusal.reason, refusal.target);
  }
}

/** Express passes the raw response. Fastify passes a reply, which has the raw response as `raw`. */
type ResponseOfAnyPlatform = CheckedResponse & { readonly raw?: CheckedResponse };
type CheckedResponse = { readonly [ENFORCEMENT_CHECK]?: EnforcementCheck };

class CorsEnforcementGuard implements CanActivate {
  readonly [GUARD_BRAND] = true;

  canActivate(context: ExecutionContext): true {
    enforce(context);
    return true;
  }
}

/** The guard of every handler that enforces. */
export const ENFORCEMENT_GUARD = Object.freeze(new CorsEnforcementGuard());
