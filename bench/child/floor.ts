import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ALLOWED } from '../kinds.js';
import type { Platform } from '../settings.js';

/** The minimal CORS: constant headers, set one by one in the adapter's earliest hook, without a decision. */
export function installFloor(platform: Platform, adapter: AbstractHttpAdapter): void {
  const hooked = adapter as unknown as { setOnRequestHook(hook: unknown): void };
  if (platform === 'express') {
    hooked.setOnRequestHook((request: IncomingMessage, response: ServerResponse, next: () => void) => {
      if (!write(request, response)) {
        next();
      }
    });
  } else {
    hooked.setOnRequestHook(
      (
        request: { readonly raw: IncomingMessage },
        reply: { readonly raw: ServerResponse; hijack(): void },
        done: () => void,
      ) => {
        if (write(request.raw, reply.raw)) {
          reply.hijack();
        } else {
          done();
        }
      },
    );
  }
}

/** @returns whether the request was a preflight, which is then answered */
function write(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
    response.statusCode = 204;
    response.setHeader('Access-Control-Allow-Origin', ALLOWED);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Access-Control-Allow-Methods', 'GET');
    response.setHeader('Access-Control-Allow-Headers', 'authorization');
    response.setHeader('Access-Control-Max-Age', '600');
    response.setHeader('Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers');
    response.setHeader('Content-Length', '0');
    response.end();
    return true;
  }
  response.setHeader('Access-Control-Allow-Origin', ALLOWED);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Expose-Headers', 'x-total-count');
  response.setHeader('Vary', 'Origin');
  return false;
}
