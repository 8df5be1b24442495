import type { KeyedResponse } from '../exchange.js';
import type { GuardedResponse } from '../head/head-guard.js';
import type { RawRequest } from '../http-platform.js';

/** A route as it is registered with Fastify. */
export interface RouteOptions {
  handler: (this: unknown, request: object, reply: object) => unknown;
  config?: object;
}

/** Fastify's request. */
export interface FastifyRequest {
  readonly raw: RawRequest;
  readonly is404: boolean;
  readonly params: unknown;
  readonly routeOptions: { readonly config?: object };
}

/** Fastify's reply. */
export interface FastifyReply {
  readonly raw: GuardedResponse & KeyedResponse;
  readonly sent: boolean;
  hijack(): void;
}

/** The parts of a Fastify instance that this package uses. */
export interface FastifyInstance {
  route(options: RouteOptions): unknown;
  addHook(name: 'onRoute', hook: (options: RouteOptions) => void): unknown;
  readonly server: {
    prependListener(event: 'request', listener: (request: RawRequest, response: GuardedResponse) => void): unknown;
  };
}

/** A request hook of Nest's adapter. */
export type OnRequestHook = (
  this: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: unknown) => void,
) => unknown;

/** The part of Nest's Fastify adapter that this package uses. */
export interface FastifyAdapterPort {
  getInstance(): unknown;
  getRequestHostname(request: unknown): string | undefined;
  setOnRequestHook(hook: unknown): unknown;
  readonly onRequestHook?: OnRequestHook | undefined;
  /** The strategy by which the adapter's own router chooses a version. */
  readonly versionConstraint?: unknown;
}
