import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, Param, Res } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { type CorsHeaders, corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { APP, EVIL, preflight } from '../../support/policy-statement.js';
import type { RawResponse } from '../../support/requests/http-message.js';
import { FROZEN, WRITINGS } from './writings.js';

const spy = new HandlerSpy();

function respond(response: unknown, name: string): void {
  spy.ran(name);
  const raw = ((response as { raw?: unknown }).raw ?? response) as ServerResponse;
  WRITINGS[name]?.write(raw);
}

@Cors({ origin: [APP], credentials: true, exposedHeaders: ['x-total'] })
@Controller('open')
class OpenController {
  @Get(':name') write(@Param('name') name: string, @Res() response: unknown) {
    respond(response, name);
  }
}

@DisableCors()
@Controller('disabled')
class DisabledController {
  @Get(':name') write(@Param('name') name: string, @Res() response: unknown) {
    respond(response, name);
  }
}

@Controller('closed')
class ClosedController {
  @Get(':name') write(@Param('name') name: string, @Res() response: unknown) {
    respond(response, name);
  }
}

@Module({ imports: [CorsModule.forRoot()], controllers: [OpenController, DisabledController, ClosedController] })
class WritingModule {}

/** The lines that do not concern CORS, without regard to order and case. */
function otherLines(response: RawResponse): string[] {
  return response.headerLines
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .filter((line) => !/^(access-control-|vary:|date:)/.test(line))
    .sort();
}

/** By default Express sets `X-Powered-By` on every response first. */
const SETTINGS = [
  ['with the defaults of the platform', {}],
  ['without X-Powered-By', { 'x-powered-by': false }],
] as const;

describePlatforms('a response written by the handler', (platform) =>
  describe.each(platform.name === 'express' ? SETTINGS : SETTINGS.slice(0, 1))('%s', (_settings, settings) => {
    const configure = (app: INestApplication) => {
      for (const [name, value] of Object.entries(settings)) {
        (app as NestExpressApplication).set(name, value);
      }
    };
    const setsHeaderFirst = platform.name === 'express' && Object.keys(settings).length === 0;
    const server = serve(platform, WritingModule, spy, { configure });
    const get = (state: string, name: string, origin?: string) =>
      server.request({ path: `/${state}/${encodeURIComponent(name)}`, headers: { Origin: origin } });

    describe.each(Object.entries(WRITINGS))('%s', (name, writing) => {
      const vary = writing.together ?? (writing.vary === undefined ? 'Origin' : `${writing.vary}, Origin`);

      it('has exactly the CORS headers of the policy on an open route', async () => {
        spy.take();
        const headers: CorsHeaders = {
          'access-control-allow-origin': APP,
          'access-control-allow-credentials': 'true',
          'access-control-expose-headers': 'x-total',
          vary,
        };
        expect(corsHeaders(await get('open', name, APP))).toEqual(headers);
        expect(corsHeaders(await get('open', name, EVIL))).toEqual({ vary });
        expect(corsHeaders(await get('open', name))).toEqual({ vary });
        expect(spy.take()).toEqual([name, name, name]);
      });

      it('has no Access-Control headers on a disabled route, and keeps its Vary', async () => {
        const own = writing.vary === undefined ? {} : { vary: writing.vary };
        const headers = corsHeaders(await get('disabled', name, APP));
        expect({
          ...headers,
          ...(headers.vary === undefined ? {} : { vary: [headers.vary].flat().join(', ') }),
        }).toEqual(own);
      });

      it('differs from an untouched route in nothing but the CORS headers', async () => {
        const closed = await get('closed', name, APP);
        const facts = (response: RawResponse) => ({
          status: response.status,
          reason: response.reason,
          lines: otherLines(response),
          text: response.text,
          complete: response.complete,
          informational: response.informational,
        });
        expect(closed.complete).toBe(true);
        if (writing.failsAfterSetHeader && setsHeaderFirst) {
          expect(closed.status).toBe(500);
          return;
        }
        for (const state of ['open', 'disabled']) {
          expect(facts(await get(state, name, APP))).toEqual(facts(closed));
        }
      });
    });

    it('has no CORS headers on its informational heads', async () => {
      const response = await get('open', 'early hints and processing', APP);
      expect(response.informational.map((head) => head.status)).toEqual([103, 102]);
      expect(response.informational.flatMap((head) => Object.keys(corsHeaders(head)))).toEqual([]);
    });

    it('calls a writeHead that was replaced before CorsModule replaced it', async () => {
      const seen: (number | string | undefined)[] = [];
      const wrap = (_request: unknown, response: ServerResponse) => {
        const { writeHead } = response;
        response.writeHead = function wrapper(this: ServerResponse, ...values: [number]) {
          writeHead.apply(this, values);
          seen.push(this.statusCode);
          return this;
        } as ServerResponse['writeHead'];
      };
      const http = server.running.app.getHttpServer();
      http.prependListener('request', wrap);
      try {
        for (const name of ['end', 'writeHead with an object', 'writeHead with a flat list']) {
          expect(corsHeaders(await get('open', name, APP))).toMatchObject({ 'access-control-allow-origin': APP });
        }
        const answer = await server.request(preflight(APP, 'GET', '/open/end'));
        expect(corsHeaders(answer)).toMatchObject({ 'access-control-allow-methods': 'GET' });
        expect(seen).toEqual([200, 200, 200, 204]);
      } finally {
        http.removeListener('request', wrap);
      }
    });

    it('does not modify a headers object that handlers share', () => {
      expect(FROZEN).toEqual({ 'X-A': '1', 'Access-Control-Allow-Origin': '*', Vary: 'Accept' });
    });
  }),
);
