import { expect, it } from '@jest/globals';
import { Controller, Delete, Get, Header, HttpCode, Module, Post, Res, Sse, StreamableFile } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { openPage } from 'nestjs-cors/testing';
import { of } from 'rxjs';
import { HandlerSpy } from '../../../support/handler-spy.js';
import { describePlatforms, serve } from '../../../support/platforms.js';
import { APP } from '../../../support/policy-statement.js';

const spy = new HandlerSpy();

interface Reply {
  header(name: string, value: string | string[]): Reply;
  status(code: number): Reply;
  send(body?: string): unknown;
}

const READABLE = { 'cache-control': 'no-store', 'content-language': 'de', expires: '0', pragma: 'no-cache' };

@Controller('orders')
class OrdersController {
  @Cors({ exposedHeaders: ['X-Total-Count'] }) @Get() list(@Res() reply: Reply) {
    spy.ran('list');
    reply.header('Set-Cookie', ['a=1', 'b=2']).header('X-Total-Count', '7').header('X-Hidden', '1');
    for (const [name, value] of Object.entries(READABLE)) {
      reply.header(name, value);
    }
    reply.status(200).send('[]');
  }
  @Cors({ exposedHeaders: ['*'] }) @Header('X-A', '1') @Header('Set-Cookie', 'a=1') @Get('all') all() {
    return spy.ran('all');
  }
  @Cors({ credentials: true, exposedHeaders: ['X-A'] }) @Header('X-A', '1') @Header('X-B', '2') @Get('mine') mine() {
    return spy.ran('mine');
  }
  @Get('json') json() {
    spy.ran('json');
    return { id: 7, text: 'ä€' };
  }
  @HttpCode(204) @Delete(':id') remove() {
    spy.ran('remove');
  }
  @HttpCode(304) @Get('unchanged') unchanged() {
    spy.ran('unchanged');
  }
  @HttpCode(201) @Post() create() {
    return spy.ran('create');
  }
  @Get('file') file() {
    spy.ran('file');
    return new StreamableFile(Buffer.from('a,b'), { type: 'text/csv', disposition: 'attachment' });
  }
  @Sse('events') events() {
    spy.ran('events');
    return of({ data: 'one' }, { data: 'two' });
  }
  @Get('fails') fails() {
    spy.ran('fails');
    throw new Error('expected');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [OrdersController] })
class OrdersModule {}

describePlatforms('a response that a page may read', (platform) => {
  const server = serve(platform, OrdersModule, spy);
  const fetch = async (path: string, init?: RequestInit) => {
    spy.take();
    return openPage(server.running.app, APP).fetch(path, init);
  };
  const names = (response: Response) => [...response.headers.keys()].filter((name) => name !== 'content-type');

  it('has its status, its URL without fragment, and the type cors', async () => {
    const response = await fetch('/orders/json?full=1#part');
    const { status, statusText, ok, url, redirected, type, bodyUsed } = response;
    expect({ status, statusText, ok, url, redirected, type, bodyUsed }).toEqual({
      status: 200,
      statusText: 'OK',
      ok: true,
      url: `http://127.0.0.1:${server.running.port}/orders/json?full=1`,
      redirected: false,
      type: 'cors',
      bodyUsed: false,
    });
    expect(response).toBeInstanceOf(Response);
    expect(await response.json()).toEqual({ id: 7, text: 'ä€' });
    expect(spy.take()).toEqual(['json']);
  });

  it('shows the safelisted headers, and the exposed ones, in any spelling of their names', async () => {
    const { headers } = await fetch('/orders');
    expect(Object.fromEntries(headers)).toEqual({
      ...READABLE,
      'content-length': '2',
      'x-total-count': '7',
      ...(headers.has('content-type') && { 'content-type': expect.stringMatching(/^text\//) }),
    });
    expect(headers.get('X-TOTAL-COUNT')).toBe('7');
    expect(headers.getSetCookie()).toEqual([]);
    expect(spy.take()).toEqual(['list']);
  });

  it('shows all headers but cookies under `*`', async () => {
    const response = await fetch('/orders/all');
    expect(names(response)).toEqual(expect.arrayContaining(['x-a', 'access-control-allow-origin', 'content-length']));
    expect(response.headers.has('set-cookie')).toBe(false);
  });

  it('shows a header that is exposed by its name to a request with credentials', async () => {
    const response = await fetch('/orders/mine', { credentials: 'include' });
    expect(response.headers.get('x-a')).toBe('1');
    expect(response.headers.has('x-b')).toBe(false);
  });

  it.each<[string, RequestInit, number, string]>([
    ['/orders/7', { method: 'DELETE' }, 204, 'remove'],
    ['/orders/unchanged', {}, 304, 'unchanged'],
    ['/orders/json', { method: 'HEAD' }, 200, 'json'],
  ])('of %s %j has no body', async (path, init, status, handler) => {
    const response = await fetch(path, init);
    expect({ status: response.status, body: response.body, text: await response.text() }).toEqual({
      status,
      body: null,
      text: '',
    });
    expect(spy.take()).toEqual([handler]);
  });

  it('can be read once, or once for each clone, and a clone has the same facts', async () => {
    const response = await fetch('/orders/json');
    const clone = response.clone();
    const again = clone.clone();
    for (const one of [clone, again]) {
      expect([one.url, one.type, one.redirected, one.status]).toEqual([response.url, 'cors', false, 200]);
    }
    expect(await Promise.all([response, clone, again].map((one) => one.json()))).toEqual(
      Array.from({ length: 3 }, () => ({ id: 7, text: 'ä€' })),
    );
    await expect(response.text()).rejects.toMatchObject({ name: 'TypeError' });
    expect(() => response.clone()).toThrow(expect.objectContaining({ name: 'TypeError' }));
  });

  it('can be a file, a stream of events, and another status than 200', async () => {
    const file = await fetch('/orders/file');
    expect([await file.text(), file.headers.get('content-type')]).toEqual(['a,b', 'text/csv']);
    expect((await (await fetch('/orders/file')).blob()).type).toBe('text/csv');
    const events = await fetch('/orders/events');
    expect(events.headers.get('content-type')).toBe('text/event-stream');
    expect(await events.text()).toMatch(/data: one\n(?:.*\n)*data: two\n/);
    const created = await fetch('/orders', { method: 'POST' });
    expect([created.status, created.statusText, created.ok]).toEqual([201, 'Created', true]);
  });

  it('can be an error', async () => {
    const failed = await fetch('/orders/fails');
    expect([failed.status, failed.ok, await failed.json()]).toEqual([
      500,
      false,
      { statusCode: 500, message: 'Internal server error' },
    ]);
    expect(spy.take()).toEqual(['fails']);
    const unknown = await fetch('/nothing');
    expect([unknown.status, (await unknown.json()).message]).toEqual([404, 'Cannot GET /nothing']);
  });

  it('is opaque with no-cors', async () => {
    const response = await fetch('/orders', { mode: 'no-cors' });
    const { status, statusText, ok, url, redirected, type, body } = response;
    expect({ status, statusText, ok, url, redirected, type, body }).toEqual({
      status: 0,
      statusText: '',
      ok: false,
      url: '',
      redirected: false,
      type: 'opaque',
      body: null,
    });
    expect([...response.headers]).toEqual([]);
    expect(await response.text()).toBe('');
    expect(response.clone().status).toBe(0);
    expect(spy.take()).toEqual(['list']);
  });

  it('has all headers but cookies for a page of the same origin', async () => {
    const origin = `http://127.0.0.1:${server.running.port}`;
    const page = openPage(server.running.app, origin);
    const response = await page.fetch('/orders');
    expect([response.type, response.headers.get('x-hidden'), response.headers.has('set-cookie')]).toEqual([
      'basic',
      '1',
      false,
    ]);
    const strict = await page.fetch('/orders/7', { method: 'DELETE', mode: 'same-origin' });
    expect([strict.status, strict.type]).toEqual([204, 'basic']);
    expect(page.exchanges.map(({ method }) => method)).toEqual(['GET', 'DELETE']);
  });
});
