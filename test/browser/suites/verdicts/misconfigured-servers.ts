import http from 'node:http';
import { type Misconfiguration, type Reproduction, readMeasured } from '../../../conformance/misconfigurations.js';
import { freePort } from '../../../support/free-port.js';

/** Servers that answer each measured misconfiguration at `/<id>`, and the page that requests them. */
export interface MisconfiguredServers {
  readonly page: string;
  readonly api: string;
  readonly cases: readonly Misconfiguration[];
}

export async function startMisconfigured(closers: (() => unknown)[]): Promise<MisconfiguredServers> {
  let cases: readonly Misconfiguration[] = [];
  const page = await open(closers, (_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>page</title>');
  });
  const origin = `http://localhost:${page}`;
  const serve: http.RequestListener = (request, response) => answer(request, response, cases, origin);
  const [api, api2] = [await open(closers, serve), await open(closers, serve)];
  const closed = await freePort();
  cases = readMeasured({
    '{PAGE}': origin,
    '{API}': `http://localhost:${api}`,
    '{API2}': `http://localhost:${api2}`,
    '{PAGE_PORT}': String(page),
    '{API_PORT}': String(api),
    '{API2_PORT}': String(api2),
    '{CLOSED_PORT}': String(closed),
  });
  return { page: origin, api: `http://localhost:${api}`, cases };
}

function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  cases: readonly Misconfiguration[],
  page: string,
): void {
  const { pathname } = new URL(request.url ?? '', 'http://localhost');
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  const found = cases.find(({ id }) => pathname === `/${id}`)?.reproduce[isPreflight ? 'preflight' : 'actual'];
  const reproduction = found ?? answerOfTarget(pathname, request.headers.origin, page);
  if ('reset' in reproduction) {
    request.socket.destroy();
    return;
  }
  for (const [name, value] of Object.entries(reproduction.headers)) {
    response.setHeader(name, value);
  }
  request.resume();
  response.writeHead(reproduction.status).end(reproduction.status === 204 ? undefined : reproduction.body);
}

/** The paths that several cases redirect to. */
function answerOfTarget(pathname: string, origin: string | undefined, page: string): Reproduction {
  const isAllowed = pathname === '/good' || (pathname === '/page-origin-only' && origin === page);
  return { status: 200, headers: isAllowed ? { 'access-control-allow-origin': page } : {} };
}

async function open(closers: (() => unknown)[], listener: http.RequestListener): Promise<number> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as { port: number }).port;
}
