import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ENFORCEMENT_CHECK, type EnforcementCheck } from '../http/enforcement/enforcement-check.js';
import { GUARD_BRAND, guardLast } from '../metadata/guard-metadata.js';
import { CorsForbiddenException } from './cors-forbidden.exception.js';

/**
 * Throws for a request that the policy of its handler refuses. The application that serves the request is found by its
 * response, so that this can be called by enhancers that applications share. Contexts other than `http` pass.
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

/** Express's response is the raw one; Fastify's reply has it. */
type ResponseOfAnyPlatform = CheckedResponse & { readonly raw?: CheckedResponse };
type CheckedResponse = { readonly [ENFORCEMENT_CHECK]?: EnforcementCheck };

class CorsEnforcementGuard implements CanActivate {
  readonly [GUARD_BRAND] = true;

  canActivate(context: ExecutionContext): true {
    enforce(context);
    return true;
  }
}

const GUARD = Object.freeze(new CorsEnforcementGuard());

/** Adds the guard of `enforce` to a function that Nest registers. Safe to repeat. */
export function guardHandler(handler: object): void {
  guardLast(handler, GUARD);
}
