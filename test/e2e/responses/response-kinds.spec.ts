import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Header,
  HttpCode,
  type HttpRedirectResponse,
  Module,
  Post,
  Redirect,
  Res,
  Sse,
  StreamableFile,
} from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { of } from 'rxjs';
import { type CorsHeaders, corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import { headerValues } from '../../support/requests/http-message.js';

const spy = new HandlerSpy();

/** The methods of both platforms' responses that these handlers use. */
interface PlatformResponse {
  header(name: string, value: string): PlatformResponse;
  send(body: unknown): PlatformResponse;
}

@Controller()
class KindsController {
  @Get('json') json() {
    spy.ran('json');
    return { ok: true };
  }
  @Get('text') text() {
    return spy.ran('text');
  }
  @Get('nothing') nothing() {
    spy.ran('nothing');
  }
  @Post('created') created() {
    return spy.ran('created');
  }
  @Get('no-content') @HttpCode(204) noContent() {
    spy.ran('no-content');
  }
  @Get('promise') async promise() {
    return spy.ran('promise');
  }
  @Get('observable') observable() {
    return of(spy.ran('observable'));
  }
  @Get('vary') @Header('Vary', 'Accept-Language') vary() {
    return spy.ran('vary');
  }
  @Get('sets-headers')
  @Header('Access-Control-Allow-Origin', '*')
  @Header('Access-Control-Allow-Credentials', 'false')
  setsHeaders() {
    return spy.ran('sets-headers');
  }
  @Get('redirect') @Redirect('/json', 302) redirect() {
    spy.ran('redirect');
  }
  @Get('dynamic-redirect') @Redirect() dynamicRedirect(): HttpRedirectResponse {
    spy.ran('dynamic-redirect');
    return { url: '/text', statusCode: 307 };
  }
  @Get('stream') stream() {
    spy.ran('stream');
    return new StreamableFile(Readable.from(['a', 'b']));
  }
  @Get('buffer') buffer() {
    spy.ran('buffer');
    return new StreamableFile(Buffer.from('ab'), { type: 'text/plain' });
  }
  @Sse('events') events() {
    spy.ran('events');
    return of({ data: 'one' }, { data: 'two' });
  }
  @Get('res') res(@Res() response: PlatformResponse) {
    spy.ran('res');
    response.header('Access-Control-Allow-Origin', '*').header('Vary', 'Accept').send('sent');
  }
  @Get('res-passthrough') passthrough(@Res({ passthrough: true }) response: PlatformResponse) {
    response.header('Access-Control-Allow-Methods', 'PURGE').header('Vary', 'Accept');
    return spy.ran('res-passthrough');
  }
  @Get('res-stream') resStream(@Res() response: PlatformResponse) {
    spy.ran('res-stream');
    const stream = Readable.from(['a', 'b']);
    if ('raw' in response) {
      response.send(stream);
    } else {
      stream.pipe(response as unknown as NodeJS.WritableStream);
    }
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], credentials: true, exposedHeaders: ['x-total'] })],
  controllers: [KindsController],
})
class KindsModule {}

interface Kind {
  readonly name: string;
  readonly status?: number;
  readonly method?: string;
  readonly vary?: string;
  readonly body?: string | RegExp;
}

const KINDS: readonly Kind[] = [
  { name: 'json', body: '{"ok":true}' },
  { name: 'text', body: 'text' },
  { name: 'nothing', body: '' },
  { name: 'created', status: 201, method: 'POST' },
  { name: 'no-content', status: 204, body: '' },
  { name: 'promise' },
  { name: 'observable' },
  { name: 'vary', vary: 'Accept-Language, Origin' },
  { name: 'sets-headers' },
  { name: 'redirect', status: 302 },
  { name: 'dynamic-redirect', status: 307 },
  { name: 'stream', body: 'ab' },
  { name: 'buffer', body: 'ab' },
  { name: 'events', body: /data: one[\s\S]*data: two/ },
  { name: 'res', vary: 'Accept, Origin', body: 'sent' },
  { name: 'res-passthrough', vary: 'Accept, Origin' },
  { name: 'res-stream', body: 'ab' },
];

describePlatforms('a response', (platform) => {
  const server = serve(platform, KindsModule, spy);
  /** Express negotiates the body of a redirect and sets Vary itself. */
  const varyOf = (kind: Kind): string =>
    platform.name === 'express' && kind.name.endsWith('redirect') ? 'Accept, Origin' : (kind.vary ?? 'Origin');

  it.each(KINDS)('has the CORS headers of the policy: $name', async (kind) => {
    const request = (origin?: string) =>
      server.request({ method: kind.method, path: `/${kind.name}`, headers: { Origin: origin } });
    const vary = varyOf(kind);
    const headers: CorsHeaders = {
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total',
      vary,
    };
    spy.take();
    const allowed = await request(APP);
    expect({ status: allowed.status, headers: corsHeaders(allowed) }).toEqual({ status: kind.status ?? 200, headers });
    expect(allowed.complete).toBe(true);
    expect(allowed.text).toMatch(kind.body ?? '');
    expect(corsHeaders(await request(EVIL))).toEqual({ vary });
    expect(corsHeaders(await request())).toEqual({ vary });
    expect(spy.take()).toEqual([kind.name, kind.name, kind.name]);
  });

  it('keeps its redirect location', async () => {
    expect(headerValues(await server.request({ path: '/redirect', headers: { Origin: APP } }), 'location')).toEqual([
      '/json',
    ]);
  });

  it('to HEAD has the headers of GET and no body', async () => {
    const response = await server.request({ method: 'HEAD', path: '/json', headers: { Origin: APP } });
    expect(corsHeaders(response)).toMatchObject({ 'access-control-allow-origin': APP, vary: 'Origin' });
    expect(response.text).toBe('');
  });
});
