import { expect } from '@jest/globals';
import { Module, type ModuleMetadata } from '@nestjs/common';
import { Cors, CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import type { HandlerSpy } from '../../support/handler-spy.js';
import { type Platform, type RootModule, type ServedApp, type StartOptions, serve } from '../../support/platforms.js';
import { APP, EVIL, PREFLIGHT_VARY, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';
import { headerValues, type RawResponse } from '../../support/requests/http-message.js';
import type { RawRequest } from '../../support/requests/raw-request.js';

/** The parts of an application. `cors` is `@Cors()`, or a decorator that does nothing. */
export type Parts = (cors: typeof Cors) => ModuleMetadata;

export interface TwinOptions extends StartOptions {
  /** @default { origin: [APP] } */
  readonly cors?: CorsModuleOptions;
}

/** What a test expects of a request. */
export interface Expected {
  readonly status: number;
  readonly body?: string | RegExp;
  readonly headers?: Readonly<Record<string, string>>;
  /** The names that the spy receives. */
  readonly ran: readonly string[];
  /** @default APP */
  readonly allows?: string;
  /** @default EVIL */
  readonly refuses?: string;
  /** The methods that the preflight allows. @default the method of the request */
  readonly methods?: string;
  /** A header name that the preflight announces, and that is allowed. */
  readonly asks?: string | undefined;
  /** `Access-Control-Max-Age` of the preflight: '0' where handlers of one URL have several policies. */
  readonly maxAge?: string;
}

/** Two applications of the same parts: one with CorsModule, and one without. */
export interface Twins {
  readonly served: ServedApp;
  /** The one without CorsModule. */
  readonly control: ServedApp;
  /**
   * Sends a request to both, without an origin, from an allowed origin and from a refused one. Expects the same status,
   * body, headers and handlers of both, exact CORS headers on top, and the same policy for its preflights.
   *
   * @returns the response to the allowed origin
   */
  expectSame(request: RawRequest, expected: Expected): Promise<RawResponse>;
}

const DOES_NOTHING = (() => () => undefined) as unknown as typeof Cors;

/** Headers that differ between any two responses. */
const VARIABLE: readonly string[] = ['date', 'connection', 'keep-alive'];

/** Starts both applications before the tests of the current `describe`, and closes them after them. */
export function serveTwins(platform: Platform, parts: Parts, spy: HandlerSpy, options: TwinOptions = {}): Twins {
  const { cors = { origin: [APP] }, ...start } = options;
  const served = serve(platform, moduleOf(parts(Cors), CorsModule.forRoot(cors)), spy, start);
  const control = serve(platform, moduleOf(parts(DOES_NOTHING)), spy, start);
  return {
    served,
    control,
    expectSame: async (request, expected) => {
      const { allows = APP, refuses = EVIL } = expected;
      let allowed: RawResponse | undefined;
      for (const origin of [allows, refuses, undefined]) {
        const sent = { ...request, headers: { Origin: origin, ...request.headers } };
        const plain = await control.request(sent);
        const ranPlain = spy.take();
        expectAnswer(plain, ranPlain, expected);
        const response = await served.request(sent);
        expect({ ...own(response), ran: spy.take() }).toEqual({ ...own(plain), ran: ranPlain });
        const vary = [...headerValues(plain, 'vary'), 'Origin'].join(', ');
        expect(corsHeaders(response)).toEqual({
          ...(origin === allows ? { 'access-control-allow-origin': allows } : {}),
          vary,
        });
        allowed ??= response;
      }
      await expectPreflights(served, request, expected);
      return allowed as RawResponse;
    },
  };
}

function moduleOf(parts: ModuleMetadata, cors?: NonNullable<ModuleMetadata['imports']>[number]): RootModule {
  @Module({ ...parts, imports: [...(cors === undefined ? [] : [cors]), ...(parts.imports ?? [])] })
  class SituationModule {}
  return SituationModule;
}

function expectAnswer(response: RawResponse, ran: string[], { status, body, headers = {}, ...expected }: Expected) {
  expect([response.status, ran]).toEqual([status, expected.ran]);
  for (const [name, value] of Object.entries(headers)) {
    expect([name, headerValues(response, name)]).toEqual([name, [value]]);
  }
  if (body instanceof RegExp) {
    expect(response.text).toMatch(body);
  } else if (body !== undefined) {
    expect(response.text).toBe(body);
  }
}

async function expectPreflights(served: ServedApp, { method = 'GET', path = '/' }: RawRequest, expected: Expected) {
  const { allows = APP, refuses = EVIL, methods = method, asks, maxAge } = expected;
  expect(await served.outcome(preflight(allows, method, path, asks))).toEqual({
    status: 204,
    headers: {
      'access-control-allow-origin': allows,
      'access-control-allow-methods': methods,
      ...(asks === undefined ? {} : { 'access-control-allow-headers': asks }),
      ...(maxAge === undefined ? {} : { 'access-control-max-age': maxAge }),
      vary: PREFLIGHT_VARY,
    },
    ran: [],
  });
  expect(await served.outcome(preflight(refuses, method, path, asks))).toEqual(REFUSED_PREFLIGHT);
}

/** The parts of a response that CORS must not change. */
function own(response: RawResponse): Record<string, unknown> {
  return {
    status: response.status,
    reason: response.reason,
    headers: response.headerLines
      .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
      .filter((line) => !VARIABLE.includes(line.slice(0, line.indexOf(':'))) && !line.startsWith('vary: '))
      .filter((line) => !line.startsWith('access-control-'))
      .sort(),
    text: response.text,
    trailers: response.trailers,
    complete: response.complete,
  };
}
