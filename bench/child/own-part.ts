import { type IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AdapterInstallations } from '../../src/boot/installation/adapter-installations.js';
import { CORS_RUNTIME } from '../../src/boot/metadata/tokens.js';
import { noteHandler } from '../../src/http/exchange.js';
import type { CorsRuntime } from '../../src/module/cors-runtime.js';
import type { Exchange } from '../kinds.js';
import { median } from '../statistics.js';
import { newAdapter } from './application.js';
import { makePair } from './exchange.js';
import { type ApplicationPlan, requestPath } from './plan.js';

interface Pair {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Ends a request in the shortest way, at the point where the platform would continue. */
type Route = (pair: Pair) => void;

interface Routes {
  readonly ours: Route;
  readonly bare: Route;
  /** Restores the replaced functions. */
  restore(): void;
}

const BODY_HEADERS = Object.freeze({
  'content-type': 'application/json; charset=utf-8',
  'content-length': '10',
});

/**
 * The cost of nestjs-cors in a request: hook, note, lookup, decision and head, without the platform's router, Nest and
 * the handler. For an actual request the cost of a plain head is subtracted. A preflight's response counts completely.
 *
 * Batches are short, so most are not interrupted, and the median ignores the others. The clock is finer than the CPU
 * time, which also includes the compiler's threads.
 *
 * @param handler the index of the handler that is reached; absent if there is none
 * @returns nanoseconds
 */
export async function ownPart(
  plan: ApplicationPlan,
  app: INestApplication,
  {
    exchange,
    handler,
    count,
    rounds,
  }: { exchange: Exchange; handler: number | undefined; count: number; rounds: number },
): Promise<number> {
  const { ours, bare, restore } = await routesOf(plan, app, handler);
  const preflight = exchange.method === 'OPTIONS';
  const socket = new Socket();
  const differences: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const cost = time(ours, exchange, socket, count);
    const base = preflight ? 0 : time(bare, exchange, socket, count);
    differences.push(cost - base);
  }
  restore();
  return median(differences);
}

function time(route: Route, exchange: Exchange, socket: Socket, count: number): number {
  const pairs: Pair[] = [];
  for (let index = 0; index < count; index++) {
    pairs.push(makePair(exchange, socket));
  }
  const started = process.hrtime.bigint();
  for (let index = 0; index < count; index++) {
    route(pairs[index] as Pair);
  }
  const elapsed = Number(process.hrtime.bigint() - started);
  const wrong = pairs.find(({ response }) => !response.headersSent);
  if (wrong !== undefined) {
    throw new Error(`No head was written for ${exchange.method} ${exchange.path}.`);
  }
  return elapsed / count;
}

async function routesOf(plan: ApplicationPlan, app: INestApplication, handler: number | undefined): Promise<Routes> {
  const runtime = app.get<CorsRuntime>(CORS_RUNTIME, { strict: false });
  const installations = AdapterInstallations.find(app.get(HttpAdapterHost));
  const key = installations?.installationOn(app.getHttpAdapter())?.handling.responseKey as symbol;
  const path = handler === undefined ? undefined : requestPath(plan, handler);
  const entry =
    handler === undefined
      ? undefined
      : runtime.application?.routes.entries.find(({ target }) => target.endsWith(`.handler${handler}`));
  if (path !== undefined && entry === undefined) {
    throw new Error(`Handler ${handler} has no entry.`);
  }
  const note = (response: ServerResponse) => {
    if (entry !== undefined) {
      noteHandler(response, key, entry);
    }
  };
  return plan.platform === 'express' ? expressRoutes(app, note) : fastifyRoutes(app, note);
}

type Note = (response: ServerResponse) => void;

interface ExpressApplication {
  handle(request: object, response: object): void;
  readonly router: { handle: (request: object, response: object) => void };
}

async function expressRoutes(app: INestApplication, note: Note): Promise<Routes> {
  const instance = app.getHttpAdapter().getInstance() as ExpressApplication;
  const without = (await newAdapter('express')).getInstance() as ExpressApplication;
  const write = (response: ServerResponse) => {
    response.setHeader('content-type', BODY_HEADERS['content-type']);
    response.setHeader('content-length', BODY_HEADERS['content-length']);
    response.writeHead(200);
  };
  // On both platforms, writes a head instead of routing.
  instance.router.handle = (_request, response) => {
    note(response as ServerResponse);
    write(response as ServerResponse);
  };
  without.router.handle = (_request, response) => write(response as ServerResponse);
  return {
    ours: ({ request, response }) => instance.handle(request, response),
    bare: ({ request, response }) => without.handle(request, response),
    restore: () => Reflect.deleteProperty(instance.router, 'handle'),
  };
}

function fastifyRoutes(app: INestApplication, note: Note): Routes {
  const adapter = app.getHttpAdapter() as unknown as {
    onRequestHook(request: object, reply: object, done: () => void): void;
  };
  const hijack = () => undefined;
  const ours: Route = ({ request, response }) => {
    adapter.onRequestHook({ raw: request, is404: false, params: {} }, { raw: response, hijack }, () => {
      note(response);
      response.writeHead(200, { ...BODY_HEADERS });
    });
  };
  const bare: Route = ({ response }) => {
    response.writeHead(200, { ...BODY_HEADERS });
  };
  return { ours, bare, restore: () => undefined };
}
