import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Module, Options, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, PLATFORMS, type Platform, serve } from '../../support/platforms.js';
import { APP, EVIL, PREFLIGHT_VARY, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';
import { http2Request } from '../../support/requests/http2-request.js';

const spy = new HandlerSpy();
/** One character more than the default limit of Fastify's router for a parameter. */
const LONG = 'x'.repeat(101);

@Controller({ path: 'files', host: 'one.test' })
class HostController {
  @DisableCors()
  @Delete('*')
  remove() {
    return spy.ran('remove');
  }
}

@Controller('files')
class FilesController {
  @Options(':name')
  describe() {
    return spy.ran('describe');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [HostController, FilesController] })
class FilesModule {}

function pathOf(length: number): string {
  return `/files/${'x'.repeat(length)}`;
}

const GRANTED = {
  status: 204,
  headers: { 'access-control-allow-origin': APP, 'access-control-allow-methods': 'DELETE', vary: PREFLIGHT_VARY },
  ran: [],
};

/** Fastify's router rejects the preflight itself; the actual request still reaches a wildcard. */
describePlatforms('a preflight that the router rejects', (platform) => {
  const server = serve(platform, FilesModule, spy);
  const ask = (length: number, host: string) => {
    const { headers, ...request } = preflight(APP, 'DELETE', pathOf(length));
    return server.outcome({ ...request, headers: { ...headers, Host: host } });
  };

  it.each([5, 101])('has the policy of the handler of its host, with a name of %s characters', async (length) => {
    expect(await ask(length, 'one.test')).toEqual(REFUSED_PREFLIGHT);
    expect(await ask(length, 'ONE.test:8080')).toEqual(REFUSED_PREFLIGHT);
    const headers = { Host: 'one.test', Origin: APP };
    const actual = await server.outcome({ method: 'DELETE', path: pathOf(length), headers });
    expect(actual).toEqual({ status: 200, headers: {}, ran: ['remove'] });
  });

  it.each([5, 101])(
    'has the application-wide policy if its host has no handler, with a name of %s characters',
    async (length) => {
      expect(await ask(length, 'one.test.evil.example')).toEqual(GRANTED);
      const headers = { Host: 'one.test.evil.example', Origin: APP };
      const actual = await server.outcome({ method: 'DELETE', path: pathOf(length), headers });
      expect(actual).toEqual({ status: 404, headers: { 'access-control-allow-origin': APP, vary: 'Origin' }, ran: [] });
    },
  );
});

describePlatforms('the host of a rejected request behind a proxy', (platform) => {
  const trusting = serve(platform, FilesModule, spy, {
    adapter: { trustProxy: true },
    configure: (app) =>
      platform.name === 'express' && (app as unknown as { set(...pair: unknown[]): void }).set('trust proxy', true),
  });
  const distrusting = serve(platform, FilesModule, spy);
  const behind = (length: number, forwarded: string, host: string) => {
    const { headers, ...request } = preflight(APP, 'DELETE', pathOf(length));
    return { ...request, headers: { ...headers, Host: host, 'X-Forwarded-Host': forwarded } };
  };

  it.each([5, 101])('is the forwarded host if the proxy is trusted, with a name of %s characters', async (length) => {
    expect(await trusting.outcome(behind(length, 'one.test', 'internal.test'))).toEqual(REFUSED_PREFLIGHT);
    expect(await trusting.outcome(behind(length, 'other.test', 'one.test'))).toEqual(GRANTED);
  });

  it.each([5, 101])('is the Host header if the proxy is not trusted, with a name of %s characters', async (length) => {
    expect(await distrusting.outcome(behind(length, 'one.test', 'internal.test'))).toEqual(GRANTED);
    expect(await distrusting.outcome(behind(length, 'other.test', 'one.test'))).toEqual(REFUSED_PREFLIGHT);
  });
});

const fastify = PLATFORMS.find(({ name }) => name === 'fastify') as Platform;

describe('the host of a request that Fastify rejects', () => {
  describe('over HTTP/2', () => {
    const server = serve(fastify, FilesModule, spy, { adapter: { http2: true } });

    it.each([
      ['one.test', 403],
      ['other.test', 204],
    ])('is the :authority %s', async (authority, status) => {
      const { method = '', path = '', headers } = preflight(APP, 'DELETE', `/files/${LONG}`);
      const response = await http2Request(`http://127.0.0.1:${server.running.port}`, {
        method,
        path,
        headers: { ...(headers as Record<string, string>), ':authority': authority },
      });
      expect(response.status).toBe(status);
    });
  });

  describe('in an injected request', () => {
    const server = serve(fastify, FilesModule, spy);

    it.each([
      ['one.test', 403],
      ['other.test', 204],
    ])('is the Host %s', async (host, status) => {
      const headers = { host, origin: APP, 'access-control-request-method': 'DELETE' };
      const app = server.running.app as NestFastifyApplication;
      const response = await app.inject({ method: 'OPTIONS', url: `/files/${LONG}`, headers });
      expect(response.statusCode).toBe(status);
    });
  });

  describe('with a router that compiles its lookups', () => {
    const server = serve(fastify, FilesModule, spy, { adapter: { routerOptions: { compile: true } } });

    it.each([
      ['one.test', 403],
      ['other.test', 204],
    ])('is the Host %s', async (host, status) => {
      const { headers, ...request } = preflight(APP, 'DELETE', `/files/${LONG}`);
      const { status: came } = await server.outcome({ ...request, headers: { ...headers, Host: host } });
      expect(came).toBe(status);
    });
  });
});

const seen: string[] = [];

/** Allows the subdomain of the requested host, as an application with one domain for each tenant does. */
function ownTenant(origin: string, { request }: { readonly request: unknown }): boolean {
  const { host, hostname, query } = request as { host: string; hostname: string; query: Record<string, string> };
  seen.push(`${host} ${hostname} ${query.page}`);
  return origin === `https://app.${hostname}`;
}

@Controller(['files', 'svc'])
class ListController {
  @Post(':name')
  add() {
    return spy.ran('add');
  }
  @Options(':name')
  describe() {
    return spy.ran('describe');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: ownTenant, resolver: { cache: false } })],
  controllers: [ListController],
})
class TenantsModule {}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], paths: [{ path: '/svc', policy: { enforce: 'all' } }] })],
  controllers: [ListController],
})
class EnforcingModule {}

describePlatforms('a request that the router rejects', (platform) => {
  const server = serve(platform, TenantsModule, spy);
  const enforcing = serve(platform, EnforcingModule, spy);
  const express = platform.name === 'express';
  const host = { Host: 'one.test:8080' };

  it.each([
    ['an over-long parameter', LONG, express ? 201 : 414],
    ['a broken encoding', '%zz', 400],
  ])('has a host that predicates can read: %s', async (_what, name, status) => {
    const path = `/files/${name}?page=2`;
    seen.length = 0;
    const { headers, ...request } = preflight('https://app.one.test', 'POST', path);
    expect(await server.outcome({ ...request, headers: { ...headers, ...host } })).toEqual({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://app.one.test',
        'access-control-allow-methods': 'POST',
        vary: PREFLIGHT_VARY,
      },
      ran: [],
    });
    const actual = { method: 'POST', path, headers: { ...host, Origin: 'https://app.one.test' } };
    expect(await server.outcome(actual)).toEqual({
      status,
      headers: { 'access-control-allow-origin': 'https://app.one.test', vary: 'Origin' },
      ran: status === 201 ? ['add'] : [],
    });
    expect(seen).toEqual(['one.test:8080 one.test 2', 'one.test:8080 one.test 2']);
  });

  it('is exempt from enforcement of a path if its page has the same host', async () => {
    const post = (origin: string) =>
      enforcing.outcome({ method: 'POST', path: `/svc/${LONG}`, headers: { ...host, Origin: origin } });
    const ran = express ? ['add'] : [];
    expect(await post('http://one.test:8080')).toEqual({
      status: express ? 201 : 414,
      headers: { vary: 'Origin' },
      ran,
    });
    expect(await post(EVIL)).toEqual({ status: express ? 201 : 403, headers: { vary: 'Origin' }, ran });
  });
});
