import type { BrowserName } from '../../../browsers/browser.js';
import type { CaseRequest, Endpoint, HeaderLine, PageKind, PlaceName, ScriptedResponse } from '../case.js';
import type { Observation } from '../observation.js';

/**
 * A case in which engines differ from each other or from the Fetch standard. `openPage` shows the same as Chromium: the requests that reach
 * servers and the statuses that the page sees, in the form of {@link summaryOf}.
 */
export interface Fact extends Readonly<Record<BrowserName, string>> {
  readonly name: string;
  /** Over http below `localhost` by default. */
  readonly page?: PageKind;
  readonly endpoints: readonly Endpoint[];
  readonly requests: readonly CaseRequest[];
  /** A request header that the summary shows too. In lower case. */
  readonly header?: string;
  /** What the text of the standard says. Absent for cookies, which are not its subject. */
  readonly standard?: string;
}

export const HTTP: PageKind = Object.freeze({ scheme: 'http', domain: 'localhost', sandboxed: false });
export const HTTPS: PageKind = Object.freeze({ ...HTTP, scheme: 'https' });
export const SANDBOX: PageKind = Object.freeze({ ...HTTP, sandboxed: true });

/** A request to the endpoint `a`. */
export function ask(method: string, init: Partial<CaseRequest> = {}): CaseRequest {
  return { to: 'a', fragment: '', method, headers: [], ...init };
}

/** A request with these headers, all `1`. */
export function askWith(method: string, ...names: readonly string[]): CaseRequest {
  return ask(method, { headers: names.map((name) => [name, '1']) });
}

/** An endpoint that allows the page everything, except for the given headers. */
export function allowing(
  key: string,
  place: PlaceName,
  { preflight = {}, response = {}, status = 200 }: Partial<Record<'preflight' | 'response', Changes>> & Status = {},
): Endpoint {
  const allowed: Changes = {
    'access-control-allow-origin': '{origin}',
    'access-control-allow-credentials': 'true',
    'cache-control': 'no-store',
  };
  return {
    key,
    place,
    preflight: responseOf(204, {
      ...allowed,
      'access-control-allow-methods': 'PUT, DELETE, PATCH',
      'access-control-allow-headers': '{asked}',
      ...preflight,
    }),
    response: responseOf(status, { ...allowed, ...response }),
  };
}

type Changes = Readonly<Record<string, string>>;

interface Status {
  readonly status?: number;
}

function responseOf(status: number, headers: Changes): ScriptedResponse {
  return { status, statusText: 'OK', headers: Object.entries(headers) as HeaderLine[], body: '' };
}

/**
 * For example `preflight PUT (x-a), PUT, PUT to b from null: 200, blocked`. `with cookie` follows a request that has
 * one.
 */
export function summaryOf({ arrivals, outcomes }: Observation, header = ''): string {
  const sent = arrivals.map(({ preflight, method, url, headers }) => {
    const value = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
    const names = value('access-control-request-headers');
    const key = new URL(url).pathname.split('/')[2];
    return [
      preflight
        ? `preflight ${value('access-control-request-method')}${names === undefined ? '' : ` (${names})`}`
        : method,
      key === 'a' ? '' : ` to ${key}`,
      value('origin') === 'null' ? ' from null' : '',
      value('cookie') === undefined ? '' : ' with cookie',
      value(header) === undefined ? '' : ` (${value(header)})`,
    ].join('');
  });
  const seen = outcomes.map(({ error, type, status }) => {
    return error !== undefined ? 'blocked' : type === 'opaque' ? 'opaque' : String(status);
  });
  return `${countRepeated(sent).join(', ') || 'nothing'}: ${seen.join(', ')}`;
}

function countRepeated(texts: readonly string[]): string[] {
  const [first] = texts;
  return texts.length > 4 && texts.every((text) => text === first) ? [`${first} ${texts.length} times`] : [...texts];
}
