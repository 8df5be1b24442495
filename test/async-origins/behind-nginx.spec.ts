import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Cors, CorsModule } from 'nestjs-cors';
import { corsHeaders } from '../support/cors-headers.js';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, type Outcome, type RunningApp, startApp } from '../support/platforms.js';
import { APP, EVIL, preflight, REFUSED_PREFLIGHT } from '../support/policy-statement.js';
import { type RawRequest, rawRequest } from '../support/raw-request.js';
import { Nginx } from './support/nginx.js';
import { describeWith, NGINX } from './support/programs.js';

const spy = new HandlerSpy();

@Controller('notes')
class NotesController {
  @Get() list() {
    return spy.ran('list');
  }
  @Post() @HttpCode(200) create() {
    return spy.ran('create');
  }
}

@Cors({ enforce: 'all' })
@Controller('secrets')
class SecretsController {
  @Get() list() {
    return spy.ran('list');
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: async (origin) => origin === APP,
      enforce: 'unsafe-methods',
      paths: [{ path: '/files', policy: { enforce: 'all' } }],
    }),
  ],
  controllers: [NotesController, SecretsController],
})
class ApplicationModule {}

const REFUSED: Outcome = { status: 403, headers: { vary: 'Origin' }, ran: [] };
const bare = (handler: string): Outcome => ({ status: 200, headers: { vary: 'Origin' }, ran: [handler] });
const shared = (handler: string): Outcome => ({
  status: 200,
  headers: { 'access-control-allow-origin': APP, vary: 'Origin' },
  ran: [handler],
});

/** Passes Host on as the browser sent it. */
const KEPT = 'kept.example.com';
/** Sends the application its own address as Host, and the browser's as X-Forwarded-Host; the application trusts it. */
const TRUSTED = 'trusted.example.com';
/** The same before an application that trusts no proxy. */
const UNTRUSTED = 'untrusted.example.com';

describeWith(NGINX, 'enforcement behind nginx', (file) => {
  describePlatforms('that ends TLS', (platform) => {
    const nginx = new Nginx(file);
    const running: RunningApp[] = [];
    beforeAll(async () => {
      const plain = await startApp(platform, ApplicationModule);
      running.push(plain);
      const trusting = await startApp(
        platform,
        ApplicationModule,
        platform.name === 'express'
          ? { configure: (app) => (app as NestExpressApplication).set('trust proxy', 'loopback') }
          : { adapter: { trustProxy: '127.0.0.1' } },
      );
      running.push(trusting);
      const forwarded = { 'X-Forwarded-Host': '$http_host', 'X-Forwarded-Proto': '$scheme' };
      await nginx.start([
        { name: KEPT, port: plain.port, headers: { Host: '$http_host', 'X-Forwarded-Proto': '$scheme' } },
        { name: TRUSTED, port: trusting.port, headers: forwarded },
        { name: UNTRUSTED, port: plain.port, headers: forwarded },
      ]);
    });
    afterAll(async () => {
      await nginx.remove();
      await Promise.all(running.map((app) => app.close()));
    });

    const send = async (request: RawRequest): Promise<Outcome> => {
      spy.take();
      const response = await rawRequest({ port: nginx.port, secure: true }, request);
      return { status: response.status, headers: corsHeaders(response), ran: spy.take() };
    };
    const post = (host: string, headers: Record<string, string>, path = '/notes') =>
      send({ method: 'POST', path, headers: { Host: host, ...headers } });

    describe.each([KEPT, TRUSTED, UNTRUSTED])('%s', (host) => {
      it('exempts what the browser says stays within the origin', async () => {
        const headers = { Origin: `https://${host}`, 'Sec-Fetch-Site': 'same-origin' };
        expect(await post(host, headers)).toEqual(bare('create'));
        // Whatever the proxy made of Host, and also where a form post under no-referrer sends no origin.
        expect(await post(host, { ...headers, Origin: 'null' })).toEqual(bare('create'));
      });

      it('exempts a direct navigation, and a request without Origin', async () => {
        expect(await post(host, { Origin: 'null', 'Sec-Fetch-Site': 'none' })).toEqual(bare('create'));
        expect(await post(host, {})).toEqual(bare('create'));
        expect(await send({ path: '/secrets', headers: { Host: host, 'Sec-Fetch-Site': 'none' } })).toEqual(
          bare('list'),
        );
        expect(await send({ path: '/secrets', headers: { Host: host, 'Sec-Fetch-Site': 'cross-site' } })).toEqual(
          bare('list'),
        );
      });

      it.each(['cross-site', 'same-site'])('refuses what is %s, whatever its Origin', async (site) => {
        for (const origin of [EVIL, `https://${host}`, 'null']) {
          expect(await post(host, { Origin: origin, 'Sec-Fetch-Site': site })).toEqual(REFUSED);
        }
        expect(await post(host, { Origin: APP, 'Sec-Fetch-Site': site })).toEqual(shared('create'));
      });

      it('refuses Origin: null where the browser says nothing', async () => {
        expect(await post(host, { Origin: 'null' })).toEqual(REFUSED);
      });

      it('refuses another origin, serves it what is safe, and refuses its preflight', async () => {
        expect(await post(host, { Origin: EVIL })).toEqual(REFUSED);
        expect(await send({ path: '/notes', headers: { Host: host, Origin: EVIL } })).toEqual(bare('list'));
        expect(await send({ path: '/secrets', headers: { Host: host, Origin: EVIL } })).toEqual(REFUSED);
        const announced = preflight(EVIL, 'POST', '/notes');
        expect(await send({ ...announced, headers: { Host: host, ...announced.headers } })).toEqual(REFUSED_PREFLIGHT);
      });
    });

    describe('without Sec-Fetch-Site', () => {
      /** Whether an application learns by which host it was asked. */
      const LEARNS: readonly [string, boolean][] = [
        [KEPT, true],
        [TRUSTED, true],
        [UNTRUSTED, false],
      ];

      it.each(LEARNS)(
        '%s: an Origin with the host and port the browser asked for is exempt: %s',
        async (host, learns) => {
          const outcome = learns ? bare('create') : REFUSED;
          expect(await post(host, { Origin: `https://${host}` })).toEqual(outcome);
          expect(await post(`${host}:${nginx.port}`, { Origin: `https://${host}:${nginx.port}` })).toEqual(outcome);
          expect(await post(`${host}:443`, { Origin: `https://${host}` })).toEqual(outcome);
          expect(await post(host.toUpperCase(), { Origin: `https://${host}` })).toEqual(outcome);
        },
      );

      it.each(LEARNS)('%s: so it is for paths that have no handler', async (host, learns) => {
        const status = learns ? 404 : 403;
        const outcome = { status, headers: { vary: 'Origin' }, ran: [] };
        expect(await post(host, { Origin: `https://${host}` }, '/files/a')).toEqual(outcome);
        expect(await post(host, { Origin: EVIL }, '/files/a')).toEqual(REFUSED);
      });

      it.each(LEARNS)('%s: near misses are refused', async (host) => {
        for (const origin of [
          `https://${host}:444`,
          `https://${host}:80`,
          `https://${host}.evil.example`,
          `https://x${host}`,
          `https://${host}/`,
          `http://127.0.0.1:${nginx.port}`,
        ]) {
          expect(await post(host, { Origin: origin })).toEqual(REFUSED);
        }
        expect(await post(`${host}:${nginx.port}`, { Origin: `https://${host}` })).toEqual(REFUSED);
      });

      it('X-Forwarded-Host from the browser counts for nothing', async () => {
        const forged = { Origin: EVIL, 'X-Forwarded-Host': 'evil.example' };
        for (const host of [KEPT, TRUSTED, UNTRUSTED]) {
          expect(await post(host, forged)).toEqual(REFUSED);
        }
      });
    });
  });
});
