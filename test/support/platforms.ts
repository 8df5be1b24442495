import { afterAll, beforeAll, describe } from '@jest/globals';
import { type CorsHeaders, corsHeaders } from './cors-headers.js';
import type { HandlerSpy } from './handler-spy.js';
import type { RawResponse } from './requests/http-message.js';
import type { RawRequest } from './requests/raw-request.js';
import {
  PLATFORMS,
  type Platform,
  type RootModule,
  type RunningApp,
  type StartOptions,
  startApp,
} from './start-app.js';

export { PLATFORMS, type Platform, type RootModule, type RunningApp, type StartOptions, startApp };

/** Runs one suite on Express and on Fastify. The suite receives its platform as an argument. */
export function describePlatforms(title: string, suite: (platform: Platform) => void): void {
  for (const platform of PLATFORMS) {
    describe(`${title} (${platform.name})`, () => suite(platform));
  }
}

/** The result of a request: its status, its CORS headers, and the handlers that ran. */
export interface Outcome {
  readonly status: number;
  readonly headers: CorsHeaders;
  readonly ran: string[];
}

/** A running application and the spy of its handlers. */
export interface ServedApp {
  readonly running: RunningApp;
  request(request: RawRequest): Promise<RawResponse>;
  /** Sends a request and reports its status, its exact CORS headers and the handlers it reached. */
  outcome(request: RawRequest): Promise<Outcome>;
}

/** Observes an application. `running` is called for each request, because a suite starts it after its tests are defined. */
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
