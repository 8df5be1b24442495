import {
  type CallHandler,
  type ExecutionContext,
  type INestApplication,
  Injectable,
  type NestInterceptor,
  Scope,
  type VersioningOptions,
  VersioningType,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { type ApplicationPlan, CUSTOM_HEADER, VERSION_HEADER } from '../plan.js';

interface MiddlewareRequest {
  method: string;
  url: string;
  readonly headers: Record<string, string | undefined>;
}

interface MiddlewareResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(text?: string): unknown;
}

type Middleware = (request: MiddlewareRequest, response: MiddlewareResponse, next: () => void) => void;

export const METHOD_OVERRIDE = 'x-http-method-override';
export const REWRITTEN_PREFIX = '/r/';
export const MOUNT = '/mounted';

@Injectable({ scope: Scope.REQUEST })
class PassingInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle();
  }
}

/** With a request-scoped interceptor, Nest creates every controller for each request. */
export const ScopedInterceptor = Object.freeze({ provide: APP_INTERCEPTOR, useClass: PassingInterceptor });

/** Configures an application as its `main.ts` would. */
export function configure(app: INestApplication, plan: ApplicationPlan): void {
  if (plan.prefix !== undefined) {
    app.setGlobalPrefix(plan.prefix);
  }
  const versioning = versioningOf(plan);
  if (versioning !== undefined) {
    app.enableVersioning(versioning);
  }
  if (plan.middleware === 'mounts') {
    app.use(MOUNT, mounted);
  } else if (plan.middleware !== 'none') {
    app.use(MIDDLEWARE[plan.middleware]);
  }
}

const MIDDLEWARE: Readonly<Record<Exclude<ApplicationPlan['middleware'], 'none' | 'mounts'>, Middleware>> =
  Object.freeze({
    'sets CORS headers': (request, response, next) => {
      response.setHeader('Access-Control-Allow-Origin', request.headers.origin || '*');
      response.setHeader('Access-Control-Allow-Credentials', 'true');
      next();
    },
    'rewrites the URL': (request, _response, next) => {
      if (request.url.startsWith(REWRITTEN_PREFIX)) {
        request.url = request.url.slice(REWRITTEN_PREFIX.length - 1);
      }
      next();
    },
    'overrides the method': (request, _response, next) => {
      request.method = request.headers[METHOD_OVERRIDE] ?? request.method;
      next();
    },
  });

/** Answers every path below its own, with its own CORS headers. */
function mounted(request: MiddlewareRequest, response: MiddlewareResponse): void {
  response.statusCode = request.method === 'OPTIONS' ? 204 : 200;
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin || '*');
  response.setHeader('Vary', 'Accept-Encoding');
  response.end(response.statusCode === 204 ? undefined : 'mounted');
}

function versioningOf({ versioning }: ApplicationPlan): VersioningOptions | undefined {
  switch (versioning) {
    case 'uri':
      return { type: VersioningType.URI };
    case 'header':
      return { type: VersioningType.HEADER, header: VERSION_HEADER };
    case 'media-type':
      return { type: VersioningType.MEDIA_TYPE, key: 'v=' };
    case 'custom':
      return {
        type: VersioningType.CUSTOM,
        extractor: (request) =>
          (request as { headers: Record<string, string | undefined> }).headers[CUSTOM_HEADER]?.split(',') ?? [],
      };
    default:
      return undefined;
  }
}
