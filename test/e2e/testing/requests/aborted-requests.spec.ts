import { beforeEach, expect, it } from '@jest/globals';
import { Controller, Get, Module, Put, Res } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { openPage } from 'nestjs-cors/testing';
import { HandlerSpy } from '../../../support/handler-spy.js';
import { describePlatforms, serve } from '../../../support/platforms.js';
import { APP, EVIL } from '../../../support/policy-statement.js';
import { scriptedServer } from '../support/scripted-server.js';

const spy = new HandlerSpy();
let whenSilent: () => void = () => undefined;

interface RawReply {
  readonly raw?: RawReply;
  hijack?(): void;
  writeHead(status: number, headers: object): { write(text: string): void };
}

@Controller()
class StreamsController {
  @Get('silent') silent(@Res() _reply: unknown) {
    spy.ran('silent');
    whenSilent();
  }
  @Get('half') half(@Res() reply: RawReply) {
    spy.ran('half');
    reply.hijack?.();
    (reply.raw ?? reply).writeHead(200, { 'access-control-allow-origin': APP }).write('half');
  }
  @Put('r') replace() {
    return spy.ran('replace');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [StreamsController] })
class StreamsModule {}

describePlatforms('an aborted request', (platform) => {
  const server = serve(platform, StreamsModule, spy);
  const preflights = scriptedServer();
  const reason = new Error('changed my mind');
  beforeEach(() => {
    spy.take();
    whenSilent = () => undefined;
  });

  it('rejects with the reason before it is sent', async () => {
    const page = openPage(server.running.app, APP);
    await expect(page.fetch('/r', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const request = new Request(`http://127.0.0.1:${server.running.port}/r`, { signal: AbortSignal.abort(reason) });
    await expect(page.fetch(request)).rejects.toBe(reason);
    await expect(page.fetch('/r', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(page.exchanges).toEqual([]);
    expect(spy.take()).toEqual([]);
  });

  it('rejects with a TypeError first where the arguments are wrong', async () => {
    const page = openPage(server.running.app, APP);
    await expect(page.fetch('/r', { signal: AbortSignal.abort(), body: 'a' })).rejects.toThrow('Failed to fetch');
  });

  it('rejects with the reason while no response arrives', async () => {
    const controller = new AbortController();
    whenSilent = () => controller.abort(reason);
    const page = openPage(server.running.app, APP);
    await expect(page.fetch('/silent', { signal: controller.signal })).rejects.toBe(reason);
    expect(page.exchanges).toMatchObject([{ method: 'GET', status: undefined }]);
    expect(spy.take()).toEqual(['silent']);
  });

  it('rejects with the reason while the preflight is not answered, and sends nothing more', async () => {
    const controller = new AbortController();
    preflights.answer(() => controller.abort(reason));
    const page = openPage(`http://127.0.0.1:${preflights.port}`, APP);
    await expect(page.fetch('/r', { method: 'PUT', signal: controller.signal })).rejects.toBe(reason);
    expect(page.exchanges).toMatchObject([{ method: 'OPTIONS', status: undefined }]);
    expect(preflights.received()).toHaveLength(1);
  });

  it('rejects with the reason after a preflight that passed', async () => {
    const controller = new AbortController();
    preflights.answer((response) => {
      response.on('finish', () => controller.abort(reason));
      response.writeHead(204, { 'access-control-allow-origin': '*', 'access-control-allow-methods': '*' }).end();
    });
    const page = openPage(`http://127.0.0.1:${preflights.port}`, APP);
    await expect(page.fetch('/r', { method: 'PUT', signal: controller.signal })).rejects.toBe(reason);
    expect(preflights.received().map(({ method }) => method)).not.toContain('PUT');
  });

  it('rejects the body with the reason', async () => {
    const controller = new AbortController();
    const response = await openPage(server.running.app, APP).fetch('/half', { signal: controller.signal });
    const text = response.text();
    controller.abort(reason);
    await expect(text).rejects.toBe(reason);
  });

  it('rejects a body that is read later with the reason', async () => {
    const controller = new AbortController();
    const response = await openPage(server.running.app, APP).fetch('/half', { signal: controller.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    controller.abort(reason);
    await expect(reader?.read()).rejects.toBe(reason);
  });

  it('ends the connection to the server', async () => {
    const controller = new AbortController();
    const closed = new Promise((resolve) => {
      preflights.answer((response) => {
        response.on('close', resolve);
        response.writeHead(200, { 'access-control-allow-origin': '*' }).write('half');
      });
    });
    await openPage(`http://127.0.0.1:${preflights.port}`, APP).fetch('/', { signal: controller.signal });
    controller.abort();
    await closed;
  });

  it('changes nothing after the end of the response', async () => {
    const controller = new AbortController();
    const page = openPage(server.running.app, APP);
    const response = await page.fetch('/r', { method: 'PUT', signal: controller.signal });
    expect(await response.text()).toBe('replace');
    controller.abort(reason);
    await expect(openPage(server.running.app, EVIL).fetch('/r')).rejects.toThrow('Failed to fetch');
  });

  it('rejects with the TimeoutError of AbortSignal.timeout()', async () => {
    const page = openPage(server.running.app, APP);
    await expect(page.fetch('/silent', { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});
