import { describe, it } from '@jest/globals';
import { Body, Controller, Post, type RawBodyRequest, Req } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, PLATFORMS, type Platform, type StartOptions } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { type Parts, serveTwins } from './twins.js';

const spy = new HandlerSpy();

interface WithRawBody {
  readonly rawBody?: Buffer;
}

const parts: Parts = (cors) => {
  @Controller()
  class BodiesController {
    @Post('body') body(@Body() body: unknown) {
      spy.ran('body');
      return { type: Buffer.isBuffer(body) ? 'buffer' : typeof body, body: Buffer.isBuffer(body) ? `${body}` : body };
    }
    @cors({ origin: [ADMIN] })
    @Post('raw')
    raw(@Req() request: RawBodyRequest<WithRawBody>, @Body() body: unknown) {
      spy.ran('raw');
      return { raw: request.rawBody?.toString(), body };
    }
  }
  return { controllers: [BodiesController] };
};

const JSON_TYPE = { 'Content-Type': 'application/json' };
const FORM_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' };
const TEXT_TYPE = { 'Content-Type': 'text/plain' };
const post = (path: string, headers: Record<string, string>, body: string) => ({ method: 'POST', path, headers, body });

/** Keys that both platforms parse in the same way. */
const SPACED = '{ "amount":0.0 }';

describePlatforms('an application with raw bodies', (platform) => {
  const twins = serveTwins(platform, parts, spy, { application: { rawBody: true } });
  const expected = { ran: ['raw'], status: 201, allows: ADMIN, refuses: APP };

  it('receives the bytes of a JSON body as they were sent', async () => {
    const body = JSON.stringify({ raw: SPACED, body: { amount: 0 } });
    await twins.expectSame(post('/raw', JSON_TYPE, SPACED), { ...expected, body });
  });

  it('receives the bytes of a form as they were sent', async () => {
    const body = JSON.stringify({ raw: 'a=%20b', body: { a: ' b' } });
    await twins.expectSame(post('/raw', FORM_TYPE, 'a=%20b'), { ...expected, body });
  });

  it('answers malformed JSON with its own error, which the page can read', async () => {
    await twins.expectSame(post('/raw', JSON_TYPE, '{"amount":'), { ...expected, status: 400, ran: [] });
  });
});

describePlatforms('an application without raw bodies', (platform) => {
  const twins = serveTwins(platform, parts, spy);

  it('parses JSON and forms', async () => {
    const json = { status: 201, ran: ['body'], body: '{"type":"object","body":{"amount":0}}' };
    await twins.expectSame(post('/body', JSON_TYPE, SPACED), json);
    const form = { status: 201, ran: ['body'], body: '{"type":"object","body":{"a":"b"}}' };
    await twins.expectSame(post('/body', FORM_TYPE, 'a=b'), form);
  });

  it('answers a body of an unknown type as the platform does', async () => {
    const fastify = platform.name === 'fastify';
    await twins.expectSame(post('/body', { 'Content-Type': 'application/x-unknown' }, 'a'), {
      status: fastify ? 415 : 201,
      ran: fastify ? [] : ['body'],
    });
  });

  it('answers a body that is too large with 413', async () => {
    const body = JSON.stringify('x'.repeat(2 ** 20 + 1));
    await twins.expectSame(post('/body', JSON_TYPE, body), { status: 413, ran: [] });
  });
});

const withParsers: StartOptions = {
  configure: (app) => {
    if (app.getHttpAdapter().getType() === 'express') {
      const express = app as NestExpressApplication;
      express.useBodyParser('text', { limit: 8 });
      express.useBodyParser('raw', { type: 'application/x-bytes' });
    } else {
      const fastify = app as NestFastifyApplication;
      fastify.useBodyParser('text/plain', { bodyLimit: 8 }, (_request, body, done) => done(null, `${body}`));
      fastify.useBodyParser('application/x-bytes', {}, (_request, body, done) => done(null, body));
    }
  },
};

describePlatforms('an application that chooses its body parsers', (platform) => {
  const twins = serveTwins(platform, parts, spy, withParsers);

  it('parses text and bytes with them', async () => {
    const text = { status: 201, ran: ['body'], body: '{"type":"string","body":"plain"}' };
    await twins.expectSame(post('/body', TEXT_TYPE, 'plain'), text);
    const bytes = { status: 201, ran: ['body'], body: '{"type":"buffer","body":"bytes"}' };
    await twins.expectSame(post('/body', { 'Content-Type': 'application/x-bytes' }, 'bytes'), bytes);
  });

  it('applies their limit, and the page can read the error', async () => {
    await twins.expectSame(post('/body', TEXT_TYPE, 'more than 8 bytes'), { status: 413, ran: [] });
  });
});

describePlatforms('an application whose body parsers keep the raw body', (platform) => {
  const twins = serveTwins(platform, parts, spy, {
    application: { rawBody: true },
    configure: (app) => {
      if (platform.name === 'express') {
        (app as NestExpressApplication).useBodyParser('json', { type: 'application/vnd.api+json' });
      } else {
        (app as NestFastifyApplication).useBodyParser('application/vnd.api+json', {}, (_request, body, done) =>
          done(null, JSON.parse(`${body}`)),
        );
      }
    },
  });

  it('receives both forms of the body', async () => {
    await twins.expectSame(post('/raw', { 'Content-Type': 'application/vnd.api+json' }, SPACED), {
      status: 201,
      ran: ['raw'],
      body: JSON.stringify({ raw: SPACED, body: { amount: 0 } }),
      allows: ADMIN,
      refuses: APP,
    });
  });
});

describe('an Express application without a body parser', () => {
  const [express] = PLATFORMS as [Platform];
  const twins = serveTwins(express, parts, spy, { application: { bodyParser: false } });

  it('leaves the body alone', async () => {
    await twins.expectSame(post('/body', JSON_TYPE, SPACED), {
      status: 201,
      ran: ['body'],
      body: '{"type":"undefined"}',
    });
  });
});
