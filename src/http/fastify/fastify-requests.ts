import type { RawRequest } from '../http-platform.js';
import type { FastifyRequest } from './fastify-port.js';
import type { FastifyRouter } from './fastify-router.js';

/** The context of a route, from which Fastify makes a request. */
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
 * Makes Fastify's request for a raw request that the router rejects: Fastify makes none. It is the one that the
 * not-found handler would get. Only Fastify's own request knows the host behind a trusted proxy.
 *
 * @returns `undefined` where that fails. Never throws
 */
export function requestFor(raw: RawRequest, notFoundRouter: FastifyRouter | undefined): FastifyRequest | undefined {
  const { url = '/' } = raw;
  const query = url.indexOf('?');
  try {
    const match = notFoundRouter?.find('GET', query === -1 ? '/' : `/${url.slice(query)}`, undefined);
    const context = match?.store as RequestContext | null | undefined;
    return context == null
      ? undefined
      : new context.Request(context.server.genReqId(raw), {}, raw, match?.searchParams, context.server.log, context);
  } catch {
    return undefined; // the application's own generator of request ids may throw
  }
}
