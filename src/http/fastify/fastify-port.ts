import type { GuardedResponse } from '../head/head-guard.js';
import type { RawRequest } from '../http-platform.js';
import type { SlottedResponse } from '../response-state.js';

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
  readonly raw: GuardedResponse & SlottedResponse;
  readonly sent: boolean;
  hijack(): void;
}

/** The parts of a Fastify instance that are relied on. */
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

/** The part of Nest's Fastify adapter that is relied on. */
export interface FastifyAdapterPort {
  getInstance(): unknown;
  getRequestHostname(request: unknown): string | undefined;
  setOnRequestHook(hook: unknown): unknown;
  readonly onRequestHook?: OnRequestHook | undefined;
  /** The strategy by which the adapter's own router chooses a version. */
  readonly versionConstraint?: unknown;
}
