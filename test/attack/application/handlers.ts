import { Readable } from 'node:stream';
import {
  All,
  type CanActivate,
  ConflictException,
  Delete,
  type ExecutionContext,
  Get,
  Head,
  Header,
  Options,
  Patch,
  Post,
  Put,
  Redirect,
  Req,
  Res,
  StreamableFile,
  type Type,
  UnauthorizedException,
  UseGuards,
  Version,
} from '@nestjs/common';
import { RouteConstraints } from '@nestjs/platform-fastify';
import { routePath } from '../../routing/applications/path-model.js';
import { type ApplicationPlan, type ControllerPlan, type HandlerMethod, type HandlerPlan, labelOf } from '../plan.js';
import { applyForeign } from './foreign.js';
import { declare, type OriginSources } from './policies.js';
import { KEY_HEADER, type NumberedRequest, type Runs } from './runs.js';

const METHODS: Readonly<Record<HandlerMethod, (path: string) => MethodDecorator>> = Object.freeze({
  GET: Get,
  HEAD: Head,
  POST: Post,
  PUT: Put,
  PATCH: Patch,
  DELETE: Delete,
  OPTIONS: Options,
  ALL: All,
});

/** Refuses requests without a key, and reports that the request reached the handler. */
function keyGuard(label: string, runs: Runs): CanActivate {
  return {
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<NumberedRequest>();
      runs.reached(request, label);
      if (request.headers[KEY_HEADER] === undefined) {
        throw new UnauthorizedException();
      }
      return true;
    },
  };
}

/** Adds a handler to a class, with all its decorators. */
export function addHandler(
  plan: ApplicationPlan,
  controller: ControllerPlan,
  handler: HandlerPlan,
  holder: Type,
  runs: Runs,
  origins: OriginSources | undefined,
): void {
  const { name, method, path, answer } = handler;
  const prototype = holder.prototype as object;
  const label = labelOf(controller, handler);
  const descriptor: PropertyDescriptor = {
    value: handlerFunction(plan, label, handler, runs),
    configurable: true,
    writable: true,
    enumerable: false,
  };
  Object.defineProperty(descriptor.value, 'name', { value: name });
  Req()(prototype, name, 0);
  (answer === 'raw' ? Res() : Res({ passthrough: true }))(prototype, name, 1);
  // From the decorator nearest to the method outwards, as in source code.
  if (origins !== undefined) {
    Object.defineProperty(prototype, name, descriptor);
    declare(prototype, handler.declaration, origins, name, descriptor);
  }
  applyForeign(handler.foreign, descriptor);
  const decorators: MethodDecorator[] = [
    METHODS[method](routePath(path, plan.platform, 'h')),
    ...(handler.guarded ? [UseGuards(keyGuard(label, runs))] : []),
    ...(answer === 'redirect' ? [Redirect('/elsewhere', 302)] : []),
    ...(answer === 'own headers'
      ? [Header('Access-Control-Allow-Origin', 'https://handler.test'), Header('Vary', 'Accept')]
      : []),
    ...(answer === 'opens itself'
      ? ['Origin', 'Methods', 'Headers'].map((name) => Header(`Access-Control-Allow-${name}`, '*'))
      : []),
    ...(handler.version === undefined ? [] : [Version(handler.version as string)]),
    ...(handler.tenant === undefined ? [] : [RouteConstraints({ tenant: handler.tenant })]),
  ];
  for (const decorate of decorators) {
    decorate(prototype, name, descriptor);
  }
  Object.defineProperty(prototype, name, descriptor);
}

interface AnyResponse {
  readonly raw?: NodeJS.WritableStream & { writeHead(status: number, headers: object): unknown };
  hijack?(): void;
  writeHead?(status: number, headers: object): unknown;
  end?(text: string): unknown;
}

function handlerFunction(plan: ApplicationPlan, label: string, { answer }: HandlerPlan, runs: Runs) {
  const ran = (request: NumberedRequest) => runs.ran(request, label);
  switch (answer) {
    case 'later':
      return async (request: NumberedRequest) => {
        ran(request);
        await new Promise((resolve) => setImmediate(resolve));
        return label;
      };
    case 'raw':
      return (request: NumberedRequest, response: AnyResponse) => {
        ran(request);
        const raw = (plan.platform === 'fastify' ? response.raw : response) as Required<AnyResponse>;
        response.hijack?.();
        raw.writeHead(200, { 'content-type': 'text/plain', 'access-control-allow-origin': 'https://raw.test' });
        raw.end(label);
      };
    default:
      return (request: NumberedRequest) => {
        ran(request);
        if (answer === 'stream') {
          return new StreamableFile(Readable.from([Buffer.from(`${label}, `), Buffer.from('and the rest')]));
        }
        if (answer === 'conflict') {
          throw new ConflictException();
        }
        if (answer === 'error') {
          throw new Error('The handler failed.');
        }
        return answer === 'redirect' || answer === 'nothing' ? undefined : label;
      };
  }
}
