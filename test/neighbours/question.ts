import assert from 'node:assert/strict';
import { type CorsHeaders, corsHeaders } from '../support/cors-headers.js';
import type { HandlerSpy } from '../support/handler-spy.js';
import type { RawResponse } from '../support/requests/http-message.js';
import type { RawRequest } from '../support/requests/raw-request.js';

/** The page that every policy of these applications allows, and one that none allows. */
export const PAGE = 'https://app.example.com';
export const STRANGER = 'https://stranger.example';

export const PREFLIGHT_VARY = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

export type Answer = Pick<RawResponse, 'status' | 'headerLines' | 'body' | 'text'>;
export type Send = (request: RawRequest) => Promise<Answer>;

/** The expected response: its status, all its CORS headers, exactly, and the handlers that ran. */
export interface Expected {
  readonly status: number;
  readonly headers: CorsHeaders;
  readonly ran: readonly string[];
}

/** An actual request, the expected policy of its URL, and what shows that the neighbour did its work. */
export interface Question {
  /** @default 'GET' */
  readonly method?: string;
  readonly path: string;
  /** The headers of the actual request, without `Origin`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The status of the actual response. @default 200 */
  readonly status?: number;
  /** The handlers that run for the actual request. @default none */
  readonly ran?: readonly string[];
  /** Whether the response shows the work of the neighbour. Not called for preflights. */
  readonly work: (answer: Answer) => boolean;
  /** Header names that the preflight requests and that are granted, as the page sends them. */
  readonly asks?: string;
  /** @default false */
  readonly credentials?: boolean;
  /** The value of `Access-Control-Expose-Headers`. @default absent */
  readonly exposes?: string;
  /** The `Cross-Origin-Resource-Policy` of the actual response, allowed and refused. @default absent */
  readonly resourcePolicy?: string;
  /** The `Vary` of the actual response. @default 'Origin' */
  readonly vary?: string;
  /** What replaces the expectation of a way, for example where a library answers CORS itself. */
  readonly instead?: Readonly<Partial<Record<Way, Partial<Expected>>>>;
  /** Sends this question in another form than the others, such as the event of a service. */
  readonly send?: Send;
}

export const WAYS = ['preflight allowed', 'preflight refused', 'request allowed', 'request refused'] as const;
export type Way = (typeof WAYS)[number];

/** Asks an application one question in one way. Throws if anything differs from what the question expects. */
export async function ask(send: Send, spy: HandlerSpy, question: Question, way: Way): Promise<void> {
  const origin = way.endsWith('allowed') ? PAGE : STRANGER;
  const isPreflight = way.startsWith('preflight');
  spy.take();
  const answer = await send(isPreflight ? preflightOf(question, origin) : actualOf(question, origin));
  const expected = { ...expectedOf(question, way), ...question.instead?.[way] };
  assert.deepEqual({ status: answer.status, headers: corsHeaders(answer), ran: spy.take() }, expected);
  if (!isPreflight && !question.work(answer)) {
    const head = answer.headerLines.map(([name, value]) => `${name}: ${value}`).join('\n');
    throw new Error(`the response does not show the work of the neighbour:\n${head}\n\n${answer.text.slice(0, 500)}`);
  }
}

function preflightOf({ method = 'GET', path, asks }: Question, origin: string): RawRequest {
  const headers = { 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': asks };
  return { method: 'OPTIONS', path, headers: { Origin: origin, ...headers } };
}

function actualOf({ method, path, headers, body }: Question, origin: string): RawRequest {
  return { method, path, headers: { Origin: origin, ...headers }, body };
}

function expectedOf(question: Question, way: Way): Expected {
  const { method = 'GET', status = 200, ran = [], vary = 'Origin' } = question;
  const allowed = present({
    'access-control-allow-origin': PAGE,
    'access-control-allow-credentials': question.credentials ? 'true' : undefined,
  });
  const always = { ...present({ 'cross-origin-resource-policy': question.resourcePolicy }), vary };
  switch (way) {
    case 'preflight allowed': {
      const granted = { 'access-control-allow-methods': method, 'access-control-allow-headers': question.asks };
      return { status: 204, headers: { ...allowed, ...present(granted), vary: PREFLIGHT_VARY }, ran: [] };
    }
    case 'preflight refused':
      return { status: 403, headers: { vary: PREFLIGHT_VARY }, ran: [] };
    case 'request allowed': {
      const exposed = present({ 'access-control-expose-headers': question.exposes });
      return { status, headers: { ...allowed, ...exposed, ...always }, ran };
    }
    case 'request refused':
      return { status, headers: always, ran };
  }
}

function present(headers: Record<string, string | undefined>): CorsHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as CorsHeaders;
}
