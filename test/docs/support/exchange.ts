import type { RawRequest } from '../../support/requests/raw-request.js';
import type { RunningApp } from '../../support/start-app.js';

/** Lines that the server adds to every response. */
const SERVERS_OWN = /^(?:date|connection|keep-alive|x-powered-by|etag|content-type):/i;

/** A request and its response from an `http` block: two heads with an empty line between. */
export interface Exchange {
  readonly request: RawRequest;
  /** The lines of the response in the form of {@link answerLines}. */
  readonly answer: readonly string[];
}

export function parseExchange(code: string): Exchange {
  const [first = '', second = ''] = code.trim().split(/\n\n/);
  const [requestLine = '', ...lines] = first.split('\n');
  const [method, path] = requestLine.split(' ');
  const headers = Object.fromEntries(lines.map((line) => line.split(': ') as [string, string]));
  return { request: { method, path, headers }, answer: comparable(second.split('\n')) };
}

/** Sends a request, and returns the lines of the response, without the order and the case of header names. */
export async function answerLines(app: RunningApp, request: RawRequest): Promise<string[]> {
  const { version, status, reason, headerLines } = await app.request(request);
  const lines = headerLines.map(([name, value]) => `${name}: ${value}`).filter((line) => !SERVERS_OWN.test(line));
  return comparable([`HTTP/${version} ${status} ${reason}`, ...lines]);
}

function comparable([statusLine = '', ...lines]: readonly string[]): string[] {
  return [statusLine, ...lines.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())).sort()];
}
