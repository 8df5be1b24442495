import { expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { corsHeaders } from '../../support/cors-headers.js';
import { describePlatforms, type Platform, startApp } from '../../support/platforms.js';
import type { RawResponse } from '../../support/requests/http-message.js';
import { applicationWith, optionsOf, printedCode, warningAbout } from './replaced-call.js';

const APP = 'https://app.example.com';
const PREFLIGHT = { Origin: APP, 'Access-Control-Request-Method': 'PURGE' };

interface Sent {
  readonly method: string;
  readonly path?: string;
  readonly headers: Record<string, string>;
}

/** The answers of `enableCors()` and of its translation to one request, and the warning. */
async function compare(platform: Platform, options: object | undefined, sent: Sent) {
  const early = (app: INestApplication) => {
    if (platform.name === 'express') {
      app
        .getHttpAdapter()
        .get('/docs', (_request: unknown, response: { end(text: string): void }) => response.end('docs'));
    }
  };
  const configure = (app: INestApplication) => {
    early(app);
    app.enableCors(options as object);
  };
  const warning = await warningAbout(platform, { configure });
  const answer = async (module: Parameters<typeof applicationWith>[0], code: (app: INestApplication) => void) => {
    const running = await startApp(platform, applicationWith(module), { configure: code });
    const response: RawResponse = await running.request({ path: '/orders', ...sent });
    await running.close();
    return response;
  };
  return {
    warning,
    before: await answer(undefined, configure),
    after: await answer(optionsOf(printedCode(warning) as string), early),
  };
}

describePlatforms('a difference that the warning about enableCors() names', (platform) => {
  const isExpress = platform.name === 'express';

  it('is the status of a refused preflight', async () => {
    const { warning, before, after } = await compare(platform, undefined, { method: 'OPTIONS', headers: PREFLIGHT });
    expect([before.status, after.status]).toEqual([204, 403]);
    expect(warning).toContain('- A refused preflight gets 403, not 204.\n');
  });

  it('is the status of a preflight that a function refuses', async () => {
    const options = { origin: (_: string, done: (error: null, allow: boolean) => void) => done(null, false) };
    const { warning, before, after } = await compare(platform, options, { method: 'OPTIONS', headers: PREFLIGHT });
    expect([before.status, after.status]).toEqual([404, 403]);
    expect(warning).toContain('- A refused preflight gets 403, not 204 or 404.\n');
  });

  it('is the list of methods in an allowed preflight', async () => {
    const headers = { ...PREFLIGHT, 'Access-Control-Request-Method': 'POST' };
    const { warning, before, after } = await compare(platform, undefined, { method: 'OPTIONS', headers });
    const listed = [before, after].map((one) => corsHeaders(one)['access-control-allow-methods']);
    expect(listed).toEqual([isExpress ? 'GET,HEAD,PUT,PATCH,POST,DELETE' : 'GET,HEAD,POST', 'POST']);
    expect(warning).toContain('- An allowed preflight lists only the method and the headers that it asks for.\n');
  });

  it.each<[object | undefined, number | undefined]>([
    [undefined, isExpress ? 204 : 400],
    [{ strictPreflight: false }, 204],
    [{ optionsSuccessStatus: 200, strictPreflight: false }, 200],
    [{ preflightContinue: true, strictPreflight: false }, undefined],
  ])('is the answer to another OPTIONS request with %j', async (options, status) => {
    const sent = { method: 'OPTIONS', headers: { Origin: APP } };
    const { warning, before, after } = await compare(platform, options, sent);
    expect(after.status).toBe(404);
    if (status === undefined) {
      expect(before.status).toBe(isExpress ? 404 : 200);
      expect(warning).not.toContain('OPTIONS without');
    } else {
      expect(before.status).toBe(status);
      expect(warning).toContain(
        `- OPTIONS without \`Access-Control-Request-Method\` reaches your handlers; enableCors() answers it with ${status}.\n`,
      );
    }
  });

  it('is the origin in a response', async () => {
    const { warning, before, after } = await compare(
      platform,
      { origin: true },
      { method: 'GET', headers: { Origin: APP } },
    );
    const listed = [before, after].map((one) => corsHeaders(one)['access-control-allow-origin']);
    expect(listed).toEqual([APP, '*']);
    expect(warning).toContain('- Responses carry `Access-Control-Allow-Origin: *`, not the origin of the request.\n');
  });

  it('is the header for another origin than a fixed one', async () => {
    const sent = { method: 'GET', headers: { Origin: 'https://evil.example' } };
    const { warning, before, after } = await compare(platform, { origin: APP }, sent);
    const listed = [before, after].map((one) => corsHeaders(one)['access-control-allow-origin']);
    expect(listed).toEqual([APP, undefined]);
    expect(warning).toContain('- Only that origin gets headers, with `Vary: Origin`');
  });

  it('is the error of a function', async () => {
    const options = {
      origin: (_: string, done: (error: Error) => void) => done(new Error('no')),
    };
    const { warning, before, after } = await compare(platform, options, { method: 'GET', headers: { Origin: APP } });
    expect([before.status, after.status]).toEqual([500, 200]);
    expect(warning).toContain('- If the function fails, the origin is refused; enableCors() answers with 500.\n');
  });

  it('is, on Express, a route that is registered before the call', async () => {
    const { warning, before, after } = await compare(platform, undefined, {
      method: 'GET',
      path: '/docs',
      headers: { Origin: APP },
    });
    const listed = [before, after].map((one) => corsHeaders(one)['access-control-allow-origin']);
    // On Fastify there is no such route, and its 404 has the headers of both.
    expect(listed).toEqual([isExpress ? undefined : '*', '*']);
    expect(warning.includes('- Routes registered before the call have no headers of enableCors()')).toBe(isExpress);
  });

  it('is, on Express, a route of main.ts if the option `cors` makes the call', async () => {
    const register = (app: INestApplication) =>
      app
        .getHttpAdapter()
        .get('/docs', (_request: unknown, response: { send(text: string): void }) => response.send('docs'));
    const running = await startApp(platform, applicationWith(undefined), {
      application: { cors: true },
      configure: register,
    });
    const docs = await running.request({ path: '/docs', headers: { Origin: APP } });
    const orders = await running.request({ path: '/orders', headers: { Origin: APP } });
    await running.close();
    const listed = [docs, orders].map((one) => [one.status, corsHeaders(one)['access-control-allow-origin']]);
    expect(listed).toEqual([
      [200, isExpress ? undefined : '*'],
      [200, '*'],
    ]);
  });
});
