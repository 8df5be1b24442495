import 'reflect-metadata';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ENFORCEMENT_CHECK, type EnforcementCheck } from '../http/enforcement.js';
import { CorsForbiddenException } from './cors-forbidden.exception.js';

/** Where Nest keeps the guards of a handler. */
const GUARDS = '__guards__';

/** Every copy of the package knows the guard of another one by this. */
const MARK = Symbol.for('nestjs-cors.guard');

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
  const refusal = check?.refusalOf(http.getRequest(), response as object);
  if (refusal !== undefined) {
    throw new CorsForbiddenException(refusal.reason, refusal.target);
  }
}

/** Express's response is the raw one; Fastify's reply has it. */
type ResponseOfAnyPlatform = CheckedResponse & { readonly raw?: CheckedResponse };
type CheckedResponse = { readonly [ENFORCEMENT_CHECK]?: EnforcementCheck };

class CorsEnforcementGuard implements CanActivate {
  readonly [MARK] = true;

  canActivate(context: ExecutionContext): true {
    enforce(context);
    return true;
  }
}

const GUARD = Object.freeze(new CorsEnforcementGuard());

/**
 * Makes Nest run the guard of `enforce` after all other guards of a handler, and so before every interceptor, wherever
 * they are declared. Safe to repeat.
 *
 * @param handler the very function that Nest registers: it reads guards from no other
 */
export function guardHandler(handler: object): void {
  const guards = (Reflect.getMetadata(GUARDS, handler) as unknown[] | undefined) ?? [];
  Reflect.defineMetadata(GUARDS, [...guards.filter((guard) => !isOurs(guard)), GUARD], handler);
}

/** Whether Nest runs the guard for what it registers: it copies the metadata of the handler to that. */
export function isGuarded(registered: object): boolean {
  return (Reflect.getMetadata(GUARDS, registered) as unknown[] | undefined)?.some(isOurs) === true;
}

function isOurs(guard: unknown): boolean {
  return (guard as { readonly [MARK]?: unknown } | undefined)?.[MARK] === true;
}
