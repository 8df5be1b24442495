import { afterAll, beforeAll, describe } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type CorsHeaders, corsHeaders } from './cors-headers.js';
import type { HandlerSpy } from './handler-spy.js';
import type { RawResponse } from './http-message.js';
import { type RawRequest, type RawTarget, rawRequest } from './raw-request.js';

export interface Platform {
  readonly name: 'express' | 'fastify';
  /** A new adapter. `options` go to Fastify; Express takes its settings from the application. */
  createAdapter(options?: Record<string, unknown>): ExpressAdapter | FastifyAdapter;
}

export const PLATFORMS: readonly Platform[] = Object.freeze([
  { name: 'express', createAdapter: () => new ExpressAdapter() },
  { name: 'fastify', createAdapter: (options) => new FastifyAdapter(options) },
]);

/** Runs one suite on Express and on Fastify. The platform is an argument so that no suite can forget which one it is on. */
export function describePlatforms(title: string, suite: (platform: Platform) => void): void {
  for (const platform of PLATFORMS) {
    describe(`${title} (${platform.name})`, () => suite(platform));
  }
}

export interface StartOptions {
  /** What main.ts would do before `listen`. */
  readonly configure?: (app: INestApplication) => unknown;
  /** Passed to `NestFactory.create`. */
  readonly application?: Record<string, unknown>;
  /** Passed to Fastify's adapter. */
  readonly adapter?: Record<string, unknown>;
  readonly secure?: boolean;
}

/** What a request came to: what a browser would judge by, and what it set off. */
export interface Outcome {
  readonly status: number;
  readonly headers: CorsHeaders;
  readonly ran: string[];
}

export interface RunningApp extends RawTarget {
  readonly app: INestApplication;
  request(request: RawRequest): Promise<RawResponse>;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: what Nest takes as a root module
export type RootModule = Type<any>;

/** Starts an application as main.ts would, on a free loopback port. */
export async function startApp(
  platform: Platform,
  module: RootModule,
  options: StartOptions = {},
): Promise<RunningApp> {
  const app = await NestFactory.create(module, platform.createAdapter(options.adapter), {
    logger: false,
    abortOnError: false,
    ...options.application,
  });
  try {
    await options.configure?.(app);
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  const { port } = app.getHttpServer().address() as { port: number };
  const target = { port, secure: options.secure };
  return {
    ...target,
    app,
    request: (request) => rawRequest(target, request),
    close: () => app.close(),
  };
}

/** A running application together with the spy its handlers report to. */
export interface ServedApp {
  readonly running: RunningApp;
  request(request: RawRequest): Promise<RawResponse>;
  /** Sends a request and reports its status, its exact CORS headers and the handlers it reached. */
  outcome(request: RawRequest): Promise<Outcome>;
}

/** Observes an application; `running` is asked anew for each request, because a suite starts it after its tests are defined. */
export function observe(running: () => RunningApp, spy: HandlerSpy): ServedApp {
  return {
    get running() {
      return running();
    },
    request: (request) => running().request(request),
    outcome: async (request) => {
      spy.take();
      const response = await running().request(request);
      return { status: response.status, headers: corsHeaders(response), ran: spy.take() };
    },
  };
}

/** Starts the application before the tests of the current `describe` and closes it after them. */
export function serve(platform: Platform, module: RootModule, spy: HandlerSpy, options: StartOptions = {}): ServedApp {
  let started: RunningApp | undefined;
  beforeAll(async () => {
    started = await startApp(platform, module, options);
  });
  afterAll(async () => {
    await started?.close();
  });
  return observe(() => {
    if (!started) {
      throw new Error('the application is started by beforeAll: ask for it within a test');
    }
    return started;
  }, spy);
}
