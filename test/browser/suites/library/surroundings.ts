import type { INestApplication } from '@nestjs/common';

interface PlainResponse {
  setHeader(name: string, value: string): unknown;
  end(text: string): unknown;
}

/** The headers of every response: some are safelisted, some can be exposed, and no policy exposes the last one. */
const HEADERS = Object.freeze({
  // Without a cache every request reaches the application.
  'Cache-Control': 'no-store',
  'Content-Language': 'en',
  'X-Total-Count': '7',
  'X-Request-Id': 'r1',
  'X-Internal': 'hidden',
});

/** Configures every application: a page of its own origin, and headers that a page may or may not read. */
export function surround(app: INestApplication): void {
  // If an idle connection closed during a request, the browser might repeat the request.
  app.getHttpServer().keepAliveTimeout = 120_000;
  app.use('/pages/plain', (_: unknown, response: PlainResponse) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>page</title>');
  });
  app.use((_: unknown, response: PlainResponse, next: () => void) => {
    for (const [name, value] of Object.entries(HEADERS)) {
      response.setHeader(name, value);
    }
    next();
  });
}
