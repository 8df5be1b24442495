import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Cors, CorsModule } from 'nestjs-cors';
import { corsHeaders } from '../support/cors-headers.js';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, type Outcome, type RunningApp, startApp } from '../support/platforms.js';
import { APP, EVIL, preflight, REFUSED_PREFLIGHT } from '../support/policy-statement.js';
import { type RawRequest, rawRequest } from '../support/requests/raw-request.js';
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

/** The proxy passes on the Host of the browser. */
const PASSED_ON = 'passed-on.example.com';
/** The proxy sends the address of the application as Host, and X-Forwarded-Host; the application trusts it. */
const TRUSTED = 'trusted.example.com';
/** The same proxy, and an application that trusts no proxy. */
const UNTRUSTED = 'untrusted.example.com';

describeWith(NGINX, 'enforcement behind nginx', (file) => {
  describePlatforms('with TLS at the proxy', (platform) => {
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
        { name: PASSED_ON, port: plain.port, headers: { Host: '$http_host', 'X-Forwarded-Proto': '$scheme' } },
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

    describe.each([PASSED_ON, TRUSTED, UNTRUSTED])('%s', (host) => {
      it('exempts a same-origin request', async () => {
        const headers = { Origin: `https://${host}`, 'Sec-Fetch-Site': 'same-origin' };
        expect(await post(host, headers)).toEqual(bare('create'));
        // Also with another Host, and for a form post under no-referrer, whose origin is null.
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

      it.each(['cross-site', 'same-site'])('refuses a %s request, whatever its Origin', async (site) => {
        for (const origin of [EVIL, `https://${host}`, 'null']) {
          expect(await post(host, { Origin: origin, 'Sec-Fetch-Site': site })).toEqual(REFUSED);
        }
        expect(await post(host, { Origin: APP, 'Sec-Fetch-Site': site })).toEqual(shared('create'));
      });

      it('refuses Origin: null without Sec-Fetch-Site', async () => {
        expect(await post(host, { Origin: 'null' })).toEqual(REFUSED);
      });

      it('refuses the unsafe request and the preflight of another origin, and serves its safe request', async () => {
        expect(await post(host, { Origin: EVIL })).toEqual(REFUSED);
        expect(await send({ path: '/notes', headers: { Host: host, Origin: EVIL } })).toEqual(bare('list'));
        expect(await send({ path: '/secrets', headers: { Host: host, Origin: EVIL } })).toEqual(REFUSED);
        const announced = preflight(EVIL, 'POST', '/notes');
        expect(await send({ ...announced, headers: { Host: host, ...announced.headers } })).toEqual(REFUSED_PREFLIGHT);
      });
    });

    describe('without Sec-Fetch-Site', () => {
      /** Whether the application learns the host that the browser addressed. */
      const LEARNS: readonly [string, boolean][] = [
        [PASSED_ON, true],
        [TRUSTED, true],
        [UNTRUSTED, false],
      ];

      it.each(LEARNS)(
        'exempts an Origin with the host and port that the browser addressed, %s: %s',
        async (host, learns) => {
          const outcome = learns ? bare('create') : REFUSED;
          expect(await post(host, { Origin: `https://${host}` })).toEqual(outcome);
          expect(await post(`${host}:${nginx.port}`, { Origin: `https://${host}:${nginx.port}` })).toEqual(outcome);
          expect(await post(`${host}:443`, { Origin: `https://${host}` })).toEqual(outcome);
          expect(await post(host.toUpperCase(), { Origin: `https://${host}` })).toEqual(outcome);
        },
      );

      it.each(LEARNS)('does the same for a path without a handler, %s: %s', async (host, learns) => {
        const status = learns ? 404 : 403;
        const outcome = { status, headers: { vary: 'Origin' }, ran: [] };
        expect(await post(host, { Origin: `https://${host}` }, '/files/a')).toEqual(outcome);
        expect(await post(host, { Origin: EVIL }, '/files/a')).toEqual(REFUSED);
      });

      it.each(LEARNS)('refuses similar origins, %s', async (host) => {
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

      it('ignores X-Forwarded-Host from the browser', async () => {
        const forged = { Origin: EVIL, 'X-Forwarded-Host': 'evil.example' };
        for (const host of [PASSED_ON, TRUSTED, UNTRUSTED]) {
          expect(await post(host, forged)).toEqual(REFUSED);
        }
      });
    });
  });
});
