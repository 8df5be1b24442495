import { afterEach, expect, it, jest } from '@jest/globals';
import { Controller, Delete, Get, Module, Put } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cors, CorsModule } from 'nestjs-cors';
import { openPage } from 'nestjs-cors/testing';
import { HandlerSpy } from '../../../support/handler-spy.js';
import { describePlatforms, serve } from '../../../support/platforms.js';
import { APP, EVIL } from '../../../support/policy-statement.js';
import { sentBy } from '../support/sent-by.js';

const spy = new HandlerSpy();

@Controller('orders')
class OrdersController {
  @Cors({ maxAge: 60 }) @Put(':id') replace() {
    return spy.ran('replace');
  }
  @Cors({ maxAge: 86_400 }) @Delete(':id') remove() {
    return spy.ran('remove');
  }
  @Get(':id') one() {
    return spy.ran('one');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], allowedHeaders: ['x-a', 'x-b'] })],
  controllers: [OrdersController],
})
class OrdersModule {}

/** Jest fakes these besides Date. */
const NOT_DATE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

const FAKES: [string, () => void][] = [
  [
    'of Date alone',
    () => {
      jest.useFakeTimers({ doNotFake: [...NOT_DATE] });
    },
  ],
  [
    'of everything',
    () => {
      jest.useFakeTimers();
    },
  ],
];

describePlatforms('the preflight cache of a page', (platform) => {
  const server = serve(platform, OrdersModule, spy);
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each(FAKES)('follows the fake time (%s)', async (_name, fake) => {
    const page = openPage(server.running.app, APP);
    await page.fetch('/orders/7');
    fake();
    const sent = sentBy(page);
    sent();
    const put = async () => {
      expect(await (await page.fetch('/orders/7', { method: 'PUT' })).text()).toBe('replace');
      return sent();
    };
    expect(await put()).toBe('P PUT');
    jest.advanceTimersByTime(59_999);
    expect(await put()).toBe('PUT');
    jest.advanceTimersByTime(1);
    expect(await put()).toBe('P PUT');
    jest.setSystemTime(Date.now() + 60_000);
    expect(await put()).toBe('P PUT');
    jest.setSystemTime(Date.now() - 3_600_000);
    expect(await put()).toBe('PUT');
  });

  it('caches a preflight for at most 7,200 s', async () => {
    jest.useFakeTimers();
    const page = openPage(server.running.app, APP);
    const sent = sentBy(page);
    const remove = async () => {
      await page.fetch('/orders/7', { method: 'DELETE' });
      return sent();
    };
    expect(await remove()).toBe('P DELETE');
    jest.advanceTimersByTime(7_199_999);
    expect(await remove()).toBe('DELETE');
    jest.advanceTimersByTime(1);
    expect(await remove()).toBe('P DELETE');
  });

  it('lists its entries, and has none after clear()', async () => {
    jest.useFakeTimers({ now: 1_000_000 });
    const page = openPage(server.running.app, APP, { address: 'https://api.example.com' });
    const sent = sentBy(page);
    expect(page.preflightCache.entries()).toEqual([]);
    await page.fetch('/orders/7?a=1', { method: 'PUT', headers: { 'X-A': '1' } });
    const entries = page.preflightCache.entries();
    expect(entries).toEqual([
      {
        url: 'https://api.example.com/orders/7?a=1',
        credentials: false,
        methods: ['PUT'],
        headers: ['x-a'],
        expires: 1_060_000,
      },
    ]);
    expect(Object.isFrozen(entries[0])).toBe(true);
    jest.advanceTimersByTime(60_000);
    expect(page.preflightCache.entries()).toEqual([]);
    await page.fetch('/orders/7', { method: 'PUT' });
    page.preflightCache.clear();
    expect(page.preflightCache.entries()).toEqual([]);
    sent();
    await page.fetch('/orders/7', { method: 'PUT' });
    expect(sent()).toBe('P PUT');
  });

  it('has an entry for each page, URL and set of headers', async () => {
    const page = openPage(server.running.app, APP);
    const sent = sentBy(page);
    const put = async (path: string, headers: Record<string, string> = {}) => {
      await page.fetch(path, { method: 'PUT', headers });
      return sent();
    };
    expect(await put('/orders/7')).toBe('P PUT');
    expect(await put('/orders/7')).toBe('PUT');
    expect(await put('/orders/8')).toBe('P PUT');
    expect(await put('/orders/7?a=1')).toBe('P PUT');
    expect(await put('/orders/7', { 'x-b': '1', 'X-A': '2' })).toBe('P PUT');
    expect(await put('/orders/7', { 'X-B': '3' })).toBe('PUT');
    const other = openPage(server.running.app, APP);
    await other.fetch('/orders/7', { method: 'PUT' });
    expect(other.exchanges).toHaveLength(2);
  });

  it('does not cache a refused preflight', async () => {
    const evil = openPage(server.running.app, EVIL);
    for (const _ of [1, 2]) {
      await expect(evil.fetch('/orders/7', { method: 'PUT' })).rejects.toMatchObject({ cors: { step: 'preflight' } });
    }
    expect(evil.exchanges.map(({ preflight }) => preflight)).toEqual([true, true]);
    expect(evil.preflightCache.entries()).toEqual([]);
  });

  // Fastify itself starts by `process.nextTick`, which is fake among everything.
  const startable = platform.name === 'fastify' ? FAKES.slice(0, 1) : FAKES;
  it.each(startable)('does not hang where the application starts under fake timers (%s)', async (_name, fake) => {
    fake();
    const app = await NestFactory.create(OrdersModule, platform.createAdapter(), { logger: false });
    try {
      expect((await openPage(app, APP).fetch('/orders/7')).status).toBe(200);
    } finally {
      await app.close();
    }
  });
});
