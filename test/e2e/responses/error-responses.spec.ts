import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  HttpException,
  Module,
  Param,
  ParseIntPipe,
  Post,
  Res,
  StreamableFile,
  UnauthorizedException,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { mergeMap, throwError } from 'rxjs';
import { corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import type { RawRequest } from '../../support/requests/raw-request.js';

const spy = new HandlerSpy();

const denyingGuard = (denial?: Error) => ({
  canActivate: () => {
    if (denial) {
      throw denial;
    }
    return false;
  },
});
const earlyFailure = {
  intercept: () => {
    throw new Error('before the handler');
  },
};
const lateFailure = {
  intercept: (_context: ExecutionContext, next: CallHandler) =>
    next.handle().pipe(mergeMap(() => throwError(() => new HttpException('after the handler', 418)))),
};
const brokenStream = () =>
  new Readable({
    read() {
      this.destroy(new Error('the file is gone'));
    },
  });

@Controller()
class FailingController {
  @Get('throws') throws() {
    spy.ran('throws');
    throw new Error('a secret');
  }
  @Get('http-exception') httpException() {
    spy.ran('http-exception');
    throw new ForbiddenException();
  }
  @Get('rejects') async rejects() {
    spy.ran('rejects');
    throw new Error('a secret');
  }
  @Get('throws-no-error') throwsNoError() {
    spy.ran('throws-no-error');
    throw 'text';
  }
  @UseGuards(denyingGuard()) @Get('guard-false') guardFalse() {
    spy.ran('guard-false');
  }
  @UseGuards(denyingGuard(new UnauthorizedException())) @Get('guard-401') guard401() {
    spy.ran('guard-401');
  }
  @UseGuards(denyingGuard(new HttpException('slow down', 429))) @Get('guard-429') guard429() {
    spy.ran('guard-429');
  }
  @UseGuards(denyingGuard(new Error('the guard broke'))) @Get('guard-500') guard500() {
    spy.ran('guard-500');
  }
  @Get('pipe/:id') pipe(@Param('id', ParseIntPipe) _id: number) {
    spy.ran('pipe');
  }
  @UseInterceptors(earlyFailure) @Get('interceptor-before') interceptorBefore() {
    spy.ran('interceptor-before');
  }
  @UseInterceptors(lateFailure) @Get('interceptor-after') interceptorAfter() {
    spy.ran('interceptor-after');
  }
  @Get('stream-error') streamError() {
    spy.ran('stream-error');
    return new StreamableFile(brokenStream());
  }
  @Post('body') body() {
    spy.ran('body');
  }
  @Get('after-head') afterHead(@Res() response: { raw?: NodeJS.WritableStream }) {
    spy.ran('after-head');
    const raw = response.raw ?? (response as NodeJS.WritableStream);
    raw.write('part');
    setImmediate(() => raw.end());
    throw new Error('too late');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], credentials: true, exposedHeaders: ['x-total'] })],
  controllers: [FailingController],
})
class FailingModule {}

interface Failure extends RawRequest {
  readonly title: string;
  readonly path: string;
  readonly status: number;
  readonly ran?: string;
}

const json = { 'Content-Type': 'application/json' };

function failures(express: boolean): readonly Failure[] {
  return [
    { title: 'an error in the handler', path: '/throws', status: 500, ran: 'throws' },
    { title: 'an HttpException in the handler', path: '/http-exception', status: 403, ran: 'http-exception' },
    { title: 'a rejection in the handler', path: '/rejects', status: 500, ran: 'rejects' },
    { title: 'a thrown value that is not an Error', path: '/throws-no-error', status: 500, ran: 'throws-no-error' },
    { title: 'a guard that returns false', path: '/guard-false', status: 403 },
    { title: 'a guard that throws 401', path: '/guard-401', status: 401 },
    { title: 'a rate limit', path: '/guard-429', status: 429 },
    { title: 'a guard that throws an Error', path: '/guard-500', status: 500 },
    { title: 'a pipe that rejects the value', path: '/pipe/x', status: 400 },
    { title: 'an interceptor that fails before the handler', path: '/interceptor-before', status: 500 },
    {
      title: 'an interceptor that fails after the handler',
      path: '/interceptor-after',
      status: 418,
      ran: 'interceptor-after',
    },
    { title: 'a stream that fails', path: '/stream-error', status: express ? 400 : 500, ran: 'stream-error' },
    { title: 'an error after the headers are sent', path: '/after-head', status: 200, ran: 'after-head' },
    { title: 'an unknown path', path: '/none', status: 404 },
    { title: 'an unknown method', path: '/throws', method: 'DELETE', status: 404 },
    { title: 'malformed JSON', path: '/body', method: 'POST', headers: json, body: '{"a":', status: 400 },
    {
      title: 'a body that is too large',
      path: '/body',
      method: 'POST',
      // Express answers after it has read the body. Fastify answers at once and may reset the connection before the
      // rest.
      headers: express ? json : { ...json, 'Content-Length': '20000000' },
      body: express ? `"${'x'.repeat(150_000)}"` : undefined,
      status: 413,
    },
    {
      title: 'a media type without a parser',
      path: '/body',
      method: 'POST',
      headers: { 'Content-Type': express ? 'application/json; charset=klingon' : 'application/x-klingon' },
      body: '{}',
      status: 415,
    },
  ];
}

describePlatforms('an error response', (platform) => {
  const server = serve(platform, FailingModule, spy);

  it.each(failures(platform.name === 'express'))(
    'is readable for allowed origins: $title ($status)',
    async (failure) => {
      const send = (origin?: string) => server.request({ ...failure, headers: { ...failure.headers, Origin: origin } });
      // If no handler answers, the application-wide policy applies, which is the same here.
      const headers = {
        'access-control-allow-origin': APP,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'x-total',
        vary: 'Origin',
      };
      spy.take();
      const allowed = await send(APP);
      expect({ status: allowed.status, headers: corsHeaders(allowed) }).toEqual({ status: failure.status, headers });
      expect(allowed.text).not.toContain('secret');
      const refused = await send(EVIL);
      expect({ status: refused.status, headers: corsHeaders(refused) }).toEqual({
        status: failure.status,
        headers: { vary: 'Origin' },
      });
      const plain = await send();
      expect({ status: plain.status, headers: corsHeaders(plain) }).toEqual({
        status: failure.status,
        headers: { vary: 'Origin' },
      });
      expect(spy.take()).toEqual(failure.ran ? [failure.ran, failure.ran, failure.ran] : []);
    },
  );
});
