import { it } from '@jest/globals';
import { Controller, Get, VERSION_NEUTRAL, Version, type VersioningOptions, VersioningType } from '@nestjs/common';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms } from '../../support/platforms.js';
import { ADMIN, APP, PARTNER } from '../../support/policy-statement.js';
import { type Expected, type Parts, serveTwins } from './twins.js';

const spy = new HandlerSpy();

const parts: Parts = (cors) => {
  @cors({ origin: [ADMIN] })
  @Controller({ path: 'things', version: '1' })
  class FirstController {
    @Get() list() {
      return spy.ran('things 1');
    }
    @Version('3') @Get('overridden') overridden() {
      return spy.ran('overridden 3');
    }
  }

  @cors({ origin: [ADMIN] })
  @Controller({ path: 'things', version: ['2', '3'] })
  class SecondController {
    @Get() list() {
      return spy.ran('things 2, 3');
    }
  }

  @cors({ origin: [PARTNER] })
  @Controller({ path: 'neutral', version: VERSION_NEUTRAL })
  class NeutralController {
    @Get() get() {
      return spy.ran('neutral');
    }
  }

  @cors({ origin: [PARTNER] })
  @Controller({ path: 'some', version: ['2', VERSION_NEUTRAL] })
  class SomeController {
    @Get() get() {
      return spy.ran('some');
    }
  }

  @Controller('none')
  class UnversionedController {
    @Get() get() {
      return spy.ran('none');
    }
  }
  return { controllers: [FirstController, SecondController, NeutralController, SomeController, UnversionedController] };
};

const asAdmin = { allows: ADMIN, refuses: APP, status: 200 };
const asPartner = { allows: PARTNER, refuses: APP, status: 200 };
const missing: Expected = { status: 404, ran: [], body: /Cannot GET/ };

describePlatforms('an application with versions in its URLs', (platform) => {
  const twins = serveTwins(platform, parts, spy, {
    configure: (app) => app.enableVersioning({ type: VersioningType.URI, prefix: 'version-' }),
  });

  it.each([
    ['/version-1/things', 'things 1'],
    ['/version-2/things', 'things 2, 3'],
    ['/version-3/things', 'things 2, 3'],
    ['/version-3/things/overridden', 'overridden 3'],
  ])('serves %s', async (path, name) => {
    await twins.expectSame({ path }, { ...asAdmin, ran: [name], body: name });
  });

  it.each(['/neutral', '/some', '/version-2/some'])('serves %s, which has every version or none', async (path) => {
    await twins.expectSame({ path }, { ...asPartner, ran: [path.split('/').at(-1) as string] });
  });

  it('serves a route without a version, and nothing else', async () => {
    await twins.expectSame({ path: '/none' }, { status: 200, ran: ['none'], body: 'none' });
    for (const path of ['/version-4/things', '/things', '/version-1/things/overridden', '/version-1/neutral']) {
      await twins.expectSame({ path }, missing);
    }
  });
});

interface Requests {
  readonly versioning: VersioningOptions;
  readonly headers: (version: string) => Record<string, string>;
  /** The header that a preflight announces. */
  readonly asks?: string;
}

const IN_REQUESTS: readonly (readonly [string, Requests])[] = [
  [
    'a header',
    {
      versioning: { type: VersioningType.HEADER, header: 'X-Version' },
      headers: (version) => ({ 'X-Version': version }),
      asks: 'x-version',
    },
  ],
  [
    'Accept',
    {
      versioning: { type: VersioningType.MEDIA_TYPE, key: 'v=' },
      headers: (version) => ({ Accept: `application/json;v=${version}` }),
    },
  ],
  [
    'a place of its own',
    {
      versioning: {
        type: VersioningType.CUSTOM,
        extractor: (request) => (request as { headers: Record<string, string> }).headers.cookie?.split('=')[1] ?? '',
      },
      headers: (version) => ({ Cookie: `version=${version}` }),
    },
  ],
];

for (const [place, { versioning, headers, asks }] of IN_REQUESTS) {
  describePlatforms(`an application with versions in ${place}`, (platform) => {
    const twins = serveTwins(platform, parts, spy, {
      cors: { origin: [APP], allowedHeaders: ['x-version'] },
      configure: (app) => app.enableVersioning(versioning),
    });

    it.each([
      ['1', '/things', 'things 1'],
      ['2', '/things', 'things 2, 3'],
      ['3', '/things', 'things 2, 3'],
      ['3', '/things/overridden', 'overridden 3'],
    ])('serves version %s of %s', async (version, path, name) => {
      await twins.expectSame({ path, headers: headers(version) }, { ...asAdmin, asks, ran: [name], body: name });
    });

    it.each(['1', '2', '9'])('serves a neutral route for version %s', async (version) => {
      await twins.expectSame({ path: '/neutral', headers: headers(version) }, { ...asPartner, asks, ran: ['neutral'] });
    });
  });
}
