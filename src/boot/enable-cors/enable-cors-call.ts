/** A call of `enableCors()` on an HTTP adapter. */
export interface EnableCorsCall {
  /** The type of the adapter. */
  readonly platform: 'express' | 'fastify';
  /** The argument, of any form. */
  readonly options: unknown;
  /** The function that was called. The stack shows who called it while it runs. */
  readonly callee: (options?: unknown) => unknown;
}
