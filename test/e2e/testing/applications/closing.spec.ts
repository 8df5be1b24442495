import { afterEach, expect, it } from '@jest/globals';
import { Controller, Get, Module, Res, Sse, StreamableFile } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { openPage } from 'nestjs-cors/testing';
import { interval, map, type Observable } from 'rxjs';
import { HandlerSpy } from '../../../support/handler-spy.js';
import { describePlatforms, type RunningApp, startApp } from '../../../support/platforms.js';
import { APP, EVIL } from '../../../support/policy-statement.js';

const spy = new HandlerSpy();
let whenSlow: () => void = () => undefined;
let answerSlow: () => void = () => undefined;
/** More than sockets buffer. */
const BIG = Buffer.alloc(8_000_000, 'x');

interface RawReply {
  readonly raw?: RawReply;
  hijack?(): void;
  writeHead(status: number, headers?: object): { write(text: string): void };
}

@Controller()
class StreamsController {
  @Sse('events') events(): Observable<{ data: string }> {
    spy.ran('events');
    return interval(5).pipe(map((count) => ({ data: `event ${count}` })));
  }
  @DisableCors() @Sse('private') private(): Observable<{ data: string }> {
    return this.events();
  }
  @Get('big') big() {
    spy.ran('big');
    return new StreamableFile(BIG);
  }
  @DisableCors() @Get('big-private') bigPrivate() {
    return this.big();
  }
  @Cors({ credentials: true }) @Get('half') half(@Res() reply: RawReply) {
    spy.ran('half');
    reply.hijack?.();
    (reply.raw ?? reply).writeHead(200, { 'access-control-allow-origin': APP }).write('half');
  }
  @Get('silent') silent(@Res() _reply: unknown) {
    spy.ran('silent');
  }
  @Get('slow') slow() {
    return new Promise((resolve) => {
      answerSlow = () => resolve(spy.ran('slow'));
      whenSlow();
    });
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [StreamsController] })
class StreamsModule {}

describePlatforms('closing the application of a page', (platform) => {
  let running: RunningApp;
  afterEach(() => running.close());

  /** Fails by the test's timeout if the application waits for a connection. */
  async function expectPromptClose(): Promise<void> {
    await running.close();
    expect(running.app.getHttpServer().listening).toBe(false);
    const count = await new Promise((resolve) =>
      running.app.getHttpServer().getConnections((_: unknown, open: number) => resolve(open)),
    );
    expect(count).toBe(0);
  }

  it.each([['/events'], ['/big'], ['/half']])('does not wait for the unread body of %s', async (path) => {
    running = await startApp(platform, StreamsModule);
    const response = await openPage(running.app, APP).fetch(path);
    expect(response.status).toBe(200);
    await expectPromptClose();
  });

  it.each([['/private'], ['/big-private']])('does not wait for the blocked response of %s', async (path) => {
    running = await startApp(platform, StreamsModule);
    const page = openPage(running.app, APP);
    await expect(page.fetch(path)).rejects.toMatchObject({ cors: { code: 'MissingAllowOriginHeader' } });
    await expectPromptClose();
  });

  it('does not wait for responses of which the page read a part, or cancelled the rest', async () => {
    running = await startApp(platform, StreamsModule);
    const page = openPage(running.app, APP);
    const reader = (await page.fetch('/events')).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).not.toBe('');
    await (await page.fetch('/big')).body?.cancel();
    await (await page.fetch('/events')).body?.cancel();
    await expectPromptClose();
  });

  it('does not wait for aborted requests', async () => {
    running = await startApp(platform, StreamsModule);
    const controller = new AbortController();
    const page = openPage(running.app, APP);
    const silent = page.fetch('/silent', { signal: controller.signal });
    const events = await page.fetch('/events', { signal: controller.signal });
    controller.abort();
    await expect(silent).rejects.toMatchObject({ name: 'AbortError' });
    await expect(events.text()).rejects.toMatchObject({ name: 'AbortError' });
    await expectPromptClose();
  });

  it('ends bodies that are still read', async () => {
    running = await startApp(platform, StreamsModule);
    const { body } = await openPage(running.app, APP).fetch('/events');
    const read = expect(new Response(body).text()).rejects.toMatchObject({
      name: 'TypeError',
      message: 'network error',
    });
    await expectPromptClose();
    await read;
  });

  it('waits for requests without a response, as for those of every client', async () => {
    running = await startApp(platform, StreamsModule);
    const started = new Promise<void>((resolve) => {
      whenSlow = resolve;
    });
    const slow = openPage(running.app, APP).fetch('/slow');
    await started;
    const closed = running.close();
    answerSlow();
    expect(await (await slow).text()).toBe('slow');
    await closed;
  });

  it('does not wait for pages of several origins', async () => {
    running = await startApp(platform, StreamsModule);
    const pages = [openPage(running.app, APP), openPage(running.app, EVIL), openPage(running.app, 'null')];
    const outcomes = await Promise.allSettled(pages.map((page) => page.fetch('/big')));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expectPromptClose();
  });

  it('does not touch a body that the page has read', async () => {
    running = await startApp(platform, StreamsModule);
    const response = await openPage(running.app, APP).fetch('/big');
    expect((await response.arrayBuffer()).byteLength).toBe(BIG.length);
    await expectPromptClose();
  });
});
