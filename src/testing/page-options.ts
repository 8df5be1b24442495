import type { INestApplication } from '@nestjs/common';
import { parseUrl } from '../browser/page-request.js';
import { isWellFormedOrigin } from '../origin/grammar/origin-grammar.js';
import { isLoopbackHost } from '../origin/grammar/origin-hosts.js';
import { quoteValue } from '../validation/problems/quote-value.js';

/** The options of {@link openPage}. */
export interface PageOptions {
  /**
   * The public address of the application, for example `https://api.example.com`. Relative URLs resolve against it, and
   * cookies, SameSite, `Sec-Fetch-*` and redirects go by it. The connection still goes to this machine.
   * @default the address where the application listens
   */
  readonly address?: string | undefined;
}

/** @throws TypeError that names the value, and what to write instead */
export function checkPage(app: INestApplication | string, origin: string, { address }: PageOptions): void {
  if (typeof app === 'string') {
    const url = httpUrl(app);
    if (url === undefined || !isLoopbackHost(url.hostname)) {
      throw mistake(
        'the application',
        app,
        "Write an application, or a base URL on this machine: 'http://localhost:3000'",
      );
    }
  } else if (typeof app?.getHttpServer !== 'function') {
    throw mistake('the application', app, 'Write a Nest application with HTTP, or a base URL');
  }
  if (origin !== 'null' && !(typeof origin === 'string' && isWellFormedOrigin(origin))) {
    const page = httpUrl(origin)?.origin;
    throw mistake(
      '`origin`',
      origin,
      page === undefined
        ? "Write a scheme and a host: 'https://app.example.com'; or 'null' for a sandboxed frame"
        : `Write ${quoteValue(page)}, as browsers send it`,
    );
  }
  if (address !== undefined && httpUrl(address) === undefined) {
    throw mistake(
      '`address`',
      address,
      "Write the public URL of the application, for example 'https://api.example.com'",
    );
  }
}

function httpUrl(text: unknown): URL | undefined {
  const url = typeof text === 'string' ? parseUrl(text) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

function mistake(what: string, value: unknown, fix: string): TypeError {
  return new TypeError(`openPage(): ${what} is ${quoteValue(value)}. ${fix}.`);
}
