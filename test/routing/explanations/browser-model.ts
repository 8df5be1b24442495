import { type CorsHeaders, pickCorsHeaders } from '../../support/cors-headers.js';
import { corsCheck, preflightPasses } from '../../support/explanations/fetch-standard.js';
import type { RawResponse } from '../../support/requests/http-message.js';
import type { GeneratedApp, Reached } from '../applications/build-application.js';
import type { RequestClient } from '../request-client.js';
import type { GeneratedPageRequest } from './page-request.js';

/** Headers of a connection, which no application decides. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set(['connection', 'date', 'keep-alive']);

/** What a slow browser sees of a request. It shares no code with the library. */
export interface SeenByBrowser {
  /** `undefined` if none is due. */
  readonly preflight: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  /** The request is sent also where the preflight fails, because `explain()` describes its response too. */
  readonly response: CorsHeaders;
  readonly reached: Reached;
  readonly step: 'preflight' | 'enforcement' | 'response' | undefined;
}

/** Sends what a browser sends, and checks the responses as the Fetch standard says. */
export async function browse(
  client: RequestClient,
  app: GeneratedApp,
  request: GeneratedPageRequest,
): Promise<SeenByBrowser> {
  const { method, url: path, origin, host } = request;
  const common = { ...(host === undefined ? {} : { Host: host }), Origin: origin };
  const names = unsafeNames(request);
  const isDue = !['GET', 'HEAD', 'POST'].includes(method) || names.length > 0;
  const asked = {
    'Access-Control-Request-Method': method,
    ...(names.length === 0 ? {} : { 'Access-Control-Request-Headers': names.join(',') }),
  };
  const preflight = isDue
    ? await client.send({ method: 'OPTIONS', path, headers: { ...common, ...asked } })
    : undefined;
  const reached = app.watch();
  const response = await client.send({ method, path, headers: { ...common, ...request.headers } });
  if (response.status === 400) {
    client.close(); // the parser of Node ends the connection
  }
  const isGranted = preflight === undefined || preflightPasses(preflight, request, { method, headers: names });
  const step = !isGranted
    ? 'preflight'
    : response.status === 403
      ? 'enforcement'
      : corsCheck(response, request)
        ? undefined
        : 'response';
  return {
    preflight: preflight && { status: preflight.status, headers: headersOf(preflight) },
    response: pickCorsHeaders(response.headerLines),
    reached: { ...reached },
    step,
  };
}

/** The names that need permission, as a browser sends them. */
function unsafeNames({ headers }: GeneratedPageRequest): string[] {
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name, value]) => !isSafe(name, value))
    .map(([name]) => name)
    .sort();
}

/** For the headers of the generated requests. */
function isSafe(name: string, value: string): boolean {
  return name === 'accept-language' || (name === 'accept' && !/["():<>?@[\\\]{}]/.test(value));
}

function headersOf({ headerLines }: RawResponse): Record<string, string> {
  const lines = headerLines.map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(lines.filter(([name]) => !CONNECTION_HEADERS.has(name)));
}
