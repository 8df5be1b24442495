import { mkdtempSync, readFile, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, it } from '@jest/globals';
import { Controller, Get, Render, Req, Res } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { HandlerSpy } from '../../support/handler-spy.js';
import { PLATFORMS, type Platform } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { type Parts, serveTwins } from './twins.js';

const spy = new HandlerSpy();
const asAdmin = { allows: ADMIN, refuses: APP };
const folder = mkdtempSync(path.join(tmpdir(), 'cors-views-'));
writeFileSync(path.join(folder, 'hello.html'), '<p>{name} {site}</p>');
afterAll(() => rmSync(folder, { recursive: true }));

interface ExpressRequest {
  readonly app: { readonly locals: { readonly site: string } };
}

const parts: Parts = (cors) => {
  @cors({ origin: [ADMIN] })
  @Controller('pages')
  class PagesController {
    @Render('hello') @Get() page() {
      spy.ran('page');
      return { name: 'Ann' };
    }
    @Get('dynamic') dynamic(@Res() response: { render(view: string, values: object): void }) {
      spy.ran('dynamic');
      response.render('hello', { name: 'Ben' });
    }
    @Render('absent') @Get('absent') absent() {
      spy.ran('absent');
      return {};
    }
    @Get('locals') locals(@Req() request: ExpressRequest) {
      spy.ran('locals');
      return request.app.locals.site;
    }
  }
  return { controllers: [PagesController] };
};

describe('pages that an Express application renders', () => {
  const [express] = PLATFORMS as [Platform];
  const twins = serveTwins(express, parts, spy, {
    configure: (app) => {
      const application = app as NestExpressApplication;
      application.engine('html', (file: string, values: Record<string, string>, done: (...values: unknown[]) => void) =>
        readFile(file, 'utf8', (error, text) =>
          done(
            error,
            text?.replace(/\{(\w+)\}/g, (_all, name) => `${values[name]}`),
          ),
        ),
      );
      application.setBaseViewsDir(folder);
      application.setViewEngine('html');
      application.setLocal('site', 'example');
    },
  });

  it('have the policies of their handlers', async () => {
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    const page = { ...asAdmin, status: 200, ran: ['page'], headers, body: '<p>Ann example</p>' };
    await twins.expectSame({ path: '/pages' }, page);
    await twins.expectSame({ path: '/pages/dynamic' }, { ...page, ran: ['dynamic'], body: '<p>Ben example</p>' });
  });

  it('are answered with an error that the page can read if there is no view', async () => {
    await twins.expectSame({ path: '/pages/absent' }, { ...asAdmin, status: 500, ran: ['absent'] });
  });

  it('read the locals of the application', async () => {
    await twins.expectSame({ path: '/pages/locals' }, { ...asAdmin, status: 200, ran: ['locals'], body: 'example' });
  });
});
