import { describe, expect, it } from '@jest/globals';
import type { VersioningOptions } from '@nestjs/common';
import { Controller, Get, Module, Patch, Put, VERSION_NEUTRAL, Version, VersioningType } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import {
  ADMIN,
  APP,
  EVIL,
  expectRefusedPreflight,
  PARTNER,
  PREFLIGHT_VARY,
  preflight,
  REFUSED_PREFLIGHT,
} from '../../support/policy-statement.js';

const spy = new HandlerSpy();
const VERSION_HEADER = 'x-version';

@Controller({ path: 'versioned', version: '1' })
class FirstController {
  @Cors({ origin: [APP, PARTNER], allowedHeaders: [VERSION_HEADER, 'x-one'], maxAge: 600 })
  @Get()
  list() {
    return spy.ran('one');
  }
}

@Controller({ path: 'versioned', version: '2' })
class SecondController {
  @Cors({ origin: [ADMIN, PARTNER], allowedHeaders: [VERSION_HEADER, 'x-two'], maxAge: 600 })
  @Get()
  list() {
    return spy.ran('two');
  }
}

@Controller({ path: 'alike', version: '1' })
class AlikeController {
  @Get() first() {
    return spy.ran('alike one');
  }
  @Version('2')
  @Get()
  second() {
    return spy.ran('alike two');
  }
}

/** Browsers must not cache the name x-secret of the handler without a version and use it for version 2. */
@Controller('partly')
class PartlyVersionedController {
  @Version(VERSION_NEUTRAL)
  @Cors({ allowedHeaders: [VERSION_HEADER, 'x-secret'] })
  @Put()
  neutral() {
    return spy.ran('neutral');
  }
  @Version('2')
  @Patch()
  second() {
    return spy.ran('patch two');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP], allowedHeaders: [VERSION_HEADER], maxAge: 600 })],
  controllers: [FirstController, SecondController, AlikeController, PartlyVersionedController],
})
class VersionedModule {}

interface Kind {
  readonly title: string;
  readonly versioning: VersioningOptions;
  readonly sends: (version: string) => Record<string, string>;
}

const KINDS: readonly Kind[] = [
  {
    title: 'header versioning',
    versioning: { type: VersioningType.HEADER, header: 'X-Version' },
    sends: (version) => ({ 'X-Version': version }),
  },
  {
    title: 'media-type versioning',
    versioning: { type: VersioningType.MEDIA_TYPE, key: 'v=' },
    sends: (version) => ({ Accept: `application/json;v=${version}` }),
  },
  {
    title: 'custom versioning',
    versioning: {
      type: VersioningType.CUSTOM,
      // Express passes its own request, Fastify's router the raw one. Both have headers.
      extractor: (request) => String((request as { headers: Record<string, string> }).headers['x-custom'] ?? ''),
    },
    sends: (version) => ({ 'X-Custom': version }),
  },
];

for (const { title, versioning, sends } of KINDS) {
  describePlatforms(title, (platform) => {
    const server = serve(platform, VersionedModule, spy, { configure: (app) => app.enableVersioning(versioning) });
    const granted = (origin: string, names?: string) => ({
      status: 204,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET',
        ...(names === undefined ? {} : { 'access-control-allow-headers': names }),
        // Other versions of the URL have other policies, and the browser's cache does not know versions.
        'access-control-max-age': '0',
        vary: PREFLIGHT_VARY,
      },
      ran: [],
    });
    const actual = (origin: string | undefined, version: string, more: Record<string, string> = {}) =>
      server.outcome({ path: '/versioned', headers: { Origin: origin, ...sends(version), ...more } });

    describe('in a preflight', () => {
      // With header versioning, the header name in the preflight announces a version.
      it.each([
        [APP, 'x-version'],
        [APP, 'x-version,x-one'],
        [ADMIN, 'x-version,x-two'],
        [PARTNER, 'x-version,x-one'],
        [PARTNER, 'x-two,x-version'],
        [PARTNER, 'x-version'],
      ])('allows a request that one candidate allows completely: %s with %s', async (origin, names) => {
        expect(await server.outcome(preflight(origin, 'GET', '/versioned', names))).toEqual(granted(origin, names));
      });

      it.each([
        [EVIL, 'x-version'],
        [APP, 'x-version,x-two'],
        [ADMIN, 'x-version,x-one'],
        [PARTNER, 'x-version,x-one,x-two'],
        [PARTNER, 'x-version,x-other'],
      ])('refuses a request that only several candidates together allow: %s with %s', async (origin, names) => {
        await expectRefusedPreflight(server, origin, 'GET', '/versioned', names);
      });

      it('applies the application-wide policy if a header version is not announced', async () => {
        // Only header versioning can announce a version. Without one there is no route, so the application-wide policy
        // applies.
        const announced = versioning.type === VersioningType.HEADER;
        const outcome = await server.outcome(preflight(ADMIN, 'GET', '/versioned', 'x-two'));
        expect(outcome).toEqual(announced ? REFUSED_PREFLIGHT : granted(ADMIN, 'x-two'));
        expect(await server.outcome(preflight(APP, 'GET', '/versioned'))).toEqual(granted(APP));
      });

      it('sends max-age 0 if any version of the URL has another policy', async () => {
        for (const names of ['x-secret', 'x-secret,x-version']) {
          const { status, headers } = await server.outcome(preflight(APP, 'PUT', '/partly', names));
          expect([status, headers['access-control-max-age']]).toEqual([204, '0']);
        }
      });

      it('sends the configured max-age if the versions agree', async () => {
        const outcome = await server.outcome(preflight(APP, 'GET', '/alike', 'x-version'));
        const headers = { ...granted(APP, 'x-version').headers, 'access-control-max-age': '600' };
        expect(outcome).toEqual({ ...granted(APP), headers });
      });
    });

    describe('in the actual request', () => {
      it.each([
        ['1', APP, 'one'],
        ['2', ADMIN, 'two'],
        ['1', PARTNER, 'one'],
        ['2', PARTNER, 'two'],
      ])('serves version %s to %s', async (version, origin, handler) => {
        expect(await actual(origin, version)).toEqual({
          status: 200,
          headers: { 'access-control-allow-origin': origin, vary: 'Origin' },
          ran: [handler],
        });
      });

      it.each([
        ['1', ADMIN],
        ['2', APP],
        ['1', EVIL],
        ['2', 'null'],
      ])('enforces the policy of version %s for %s before the handler runs', async (version, origin) => {
        expect(await actual(origin, version)).toEqual({ status: 403, headers: { vary: 'Origin' }, ran: [] });
      });

      it('serves requests without Origin and same-origin requests', async () => {
        const served = { status: 200, headers: { vary: 'Origin' }, ran: ['one'] };
        expect(await actual(undefined, '1')).toEqual(served);
        expect(await actual(ADMIN, '1', { 'Sec-Fetch-Site': 'same-origin' })).toEqual(served);
      });

      it('applies the application-wide policy to an unknown version', async () => {
        expect(await actual(APP, '3')).toEqual({
          status: 404,
          headers: { 'access-control-allow-origin': APP, vary: 'Origin' },
          ran: [],
        });
        expect(await actual(ADMIN, '3')).toEqual({ status: 404, headers: { vary: 'Origin' }, ran: [] });
      });
    });
  });
}
