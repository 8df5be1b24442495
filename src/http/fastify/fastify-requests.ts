import type { RawRequest } from '../http-platform.js';
import type { FastifyRequest } from './fastify-port.js';
import type { FastifyRouter } from './fastify-router.js';

/** The context of a route: what Fastify makes a request from. */
interface RequestContext {
  readonly Request: new (
    id: unknown,
    params: object,
    raw: RawRequest,
    query: unknown,
    log: unknown,
    context: RequestContext,
  ) => FastifyRequest;
  readonly server: { genReqId(raw: RawRequest): unknown; readonly log: unknown };
}

/**
 * Fastify's requests by raw request. Fastify makes none for a request that its router turns away. Here such a request
 * gets the one that the not-found handler would be given, because only Fastify's own request knows the host behind a
 * trusted proxy.
 */
export class FastifyRequests {
  readonly #kept = new WeakMap<object, FastifyRequest>();
  readonly #notFoundRouter: FastifyRouter | undefined;

  constructor(notFoundRouter: FastifyRouter | undefined) {
    this.#notFoundRouter = notFoundRouter;
  }

  /** Keeps a request for when only its raw request is known. */
  keep(request: FastifyRequest): void {
    this.#kept.set(request.raw, request);
  }

  /** The kept request of a raw request. */
  keptFor(raw: object): FastifyRequest | undefined {
    return this.#kept.get(raw);
  }

  /** The request of a raw request, made where Fastify made none; `undefined` where that fails. Never throws. */
  of(raw: RawRequest): FastifyRequest | undefined {
    const kept = this.#kept.get(raw);
    if (kept !== undefined) {
      return kept;
    }
    try {
      const made = this.#make(raw);
      if (made !== undefined) {
        this.keep(made);
      }
      return made;
    } catch {
      return undefined; // the application's own generator of request ids may throw
    }
  }

  #make(raw: RawRequest): FastifyRequest | undefined {
    const { url = '/' } = raw;
    const query = url.indexOf('?');
    const match = this.#notFoundRouter?.find('GET', query === -1 ? '/' : `/${url.slice(query)}`, undefined);
    const context = match?.store as RequestContext | null | undefined;
    return context == null
      ? undefined
      : new context.Request(context.server.genReqId(raw), {}, raw, match?.searchParams, context.server.log, context);
  }
}
