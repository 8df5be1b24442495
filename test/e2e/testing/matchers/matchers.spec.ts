import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { corsMatchers, openPage } from 'nestjs-cors/testing';
import { describePlatforms } from '../../../support/platforms.js';
import { APP, EVIL } from '../../../support/policy-statement.js';
import { API, failure, NEITHER, Root } from './orders-application.js';

expect.extend(corsMatchers);

describePlatforms('matchers of pages', (platform) => {
  let app: INestApplication;
  const open = (origin = APP) => openPage(app, origin, { address: API });

  beforeAll(async () => {
    app = await NestFactory.create(Root, platform.createAdapter(), { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app?.close());

  describe('toRead', () => {
    it('passes where the page can read the response', async () => {
      await expect(open()).toRead('/orders');
      await expect(open()).toRead(new URL('/orders', API));
      await expect(open()).toRead('/orders/7', { method: 'DELETE' });
      await expect(openPage(app, API, { address: API })).toRead('/internal');
    });

    it('passes for an error that the page can read', async () => {
      await expect(open()).toRead('/orders/broken');
    });

    it('passes with .not where a browser blocks the response', async () => {
      await expect(open(EVIL)).not.toRead('/orders');
      await expect(open(EVIL)).not.toRead('/orders/7', { method: 'DELETE' });
    });

    it('passes with .not where the browser gives the page an empty response', async () => {
      await expect(open()).not.toRead('/orders', { mode: 'no-cors' });
      await expect(open()).not.toRead('/orders/moved', { redirect: 'manual' });
    });
  });

  describe('toBeBlockedFrom', () => {
    it('passes where a browser blocks the request or its response', async () => {
      await expect(open(EVIL)).toBeBlockedFrom('/orders');
      await expect(open(EVIL)).toBeBlockedFrom('/orders', { method: 'POST' });
      await expect(open(EVIL)).toBeBlockedFrom('/orders/7', { method: 'DELETE' });
      await expect(open()).toBeBlockedFrom('http://api.example.com/orders');
      await expect(open()).toBeBlockedFrom('/orders/moved', { redirect: 'error' });
    });

    it('passes with .not where the page can read the response', async () => {
      await expect(open()).not.toBeBlockedFrom('/orders');
    });

    it('passes with .not where the browser gives the page an empty response', async () => {
      await expect(open()).not.toBeBlockedFrom('/orders', { mode: 'no-cors' });
    });
  });

  describe('toSeeHeader', () => {
    it('passes for an exposed header in upper or lower case', async () => {
      await expect(open()).toSeeHeader('/orders', 'x-page');
      await expect(open()).toSeeHeader('/orders', 'X-PAGE');
      await expect(open()).toSeeHeader('/orders', 'content-type');
    });

    it('passes with .not for a header that is absent or not exposed, and for a response that is blocked', async () => {
      await expect(open()).not.toSeeHeader('/orders', 'x-nothing');
      await expect(open()).not.toSeeHeader('/orders', 'x-total-count');
      await expect(open(EVIL)).not.toSeeHeader('/orders', 'x-page');
    });

    it('takes the options of fetch after the header', async () => {
      await expect(open()).toSeeHeader('/orders/7', 'content-type', { method: 'DELETE' });
    });
  });

  it.each([
    ['a response', new Response(), 'an instance of Response'],
    ['a promise', Promise.resolve(), 'an instance of Promise'],
    ['an origin', APP, "'https://app.example.com'"],
    ['nothing', undefined, 'undefined'],
  ])('say that %s is no page, with .not too', async (_, value, quoted) => {
    const message = `toRead() received ${quoted}, which is no page. Write \`await expect(openPage(app, origin)).toRead('/orders')\`.`;
    expect(await failure(expect(value).toRead('/orders'))).toBe(message);
    expect(await failure(expect(value).not.toRead('/orders'))).toBe(message);
  });

  it('reject with the reason of an aborted signal', async () => {
    const signal = AbortSignal.abort(new Error('given up'));
    expect(await failure(expect(open()).not.toRead('/orders', { signal }))).toBe('given up');
  });

  it('fail for an application that is closed, with .not too', async () => {
    const other = await NestFactory.create(Root, platform.createAdapter(), { logger: false });
    const page = openPage(other, APP, { address: API });
    await expect(page).toRead('/orders');
    await other.close();
    expect(await failure(expect(page).toBeBlockedFrom('/orders'))).toBe(
      `Expected the page ${APP} to be blocked from GET /orders. No response arrived.\nThe application was closed. Send requests before \`app.close()\`.\n${NEITHER}`,
    );
    expect(await failure(expect(page).not.toRead('/orders'))).toContain('not to read GET /orders. No response arrived');
  });

  it('fail for an application that was closed before it listened', async () => {
    const other = await NestFactory.create(Root, platform.createAdapter(), { logger: false });
    await other.init();
    await other.close();
    expect(await failure(expect(openPage(other, APP)).toRead('/orders'))).toContain('The application was closed.');
    expect(other.getHttpServer().listening).toBe(false);
  });

  it('fail with a correction if nothing listens', async () => {
    const message = await failure(expect(openPage('http://127.0.0.1:1', APP)).toRead('/orders'));
    expect(message.split('\n')).toEqual([
      `Expected the page ${APP} to read GET /orders. No response arrived.`,
      'connect ECONNREFUSED 127.0.0.1:1',
      'Change: Start the server, or correct the URL. The public URL of an application is the option `address` of `openPage`.',
      NEITHER,
    ]);
  });

  it('end the connection of a response that is too long to arrive at once', async () => {
    const ended = new Promise((resolve) => {
      app.getHttpServer().once('connection', (socket: Socket) => socket.once('close', resolve));
    });
    await expect(open()).toRead('/large');
    await ended;
  });
});
