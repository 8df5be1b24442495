import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, Module, type VersioningOptions, VersioningType } from '@nestjs/common';
import { RouteConstraints } from '@nestjs/platform-fastify';
import { Cors, type CorsExplanation, type CorsExplanationRequest, CorsModule } from 'nestjs-cors';
import { explainAndSend } from '../../support/explanations/explained-request.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, PLATFORMS, type Platform, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL } from '../../support/policy-statement.js';

const spy = new HandlerSpy();
const HEADER = 'x-version';

@Controller({ path: 'items', version: '1' })
@Cors({ origin: APP, allowedHeaders: [HEADER] })
class FirstController {
  @Get() list() {
    return spy.ran('first list');
  }
  @Delete() clear() {
    return spy.ran('first clear');
  }
}

@Controller({ path: 'items', version: '2' })
@Cors({ origin: ADMIN, allowedHeaders: [HEADER, 'x-a'] })
class SecondController {
  @Get() list() {
    return spy.ran('second list');
  }
  @Delete() clear() {
    return spy.ran('second clear');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: APP })], controllers: [FirstController, SecondController] })
class Root {}

type Version = '1' | '2';

/** How a request names its version, and what names it. */
interface Kind {
  readonly name: string;
  readonly versioning: VersioningOptions;
  readonly request: (version: Version) => Pick<CorsExplanationRequest, 'url' | 'headers'>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'the URL',
    versioning: { type: VersioningType.URI },
    request: (version) => ({ url: `/api/v${version}/items` }),
  },
  {
    name: 'a header',
    versioning: { type: VersioningType.HEADER, header: HEADER },
    request: (version) => ({ url: '/api/items', headers: { [HEADER]: version } }),
  },
  {
    name: 'a media type',
    versioning: { type: VersioningType.MEDIA_TYPE, key: 'v=' },
    request: (version) => ({ url: '/api/items', headers: { accept: `application/json;v=${version}` } }),
  },
  {
    name: 'a function',
    versioning: {
      type: VersioningType.CUSTOM,
      extractor: (request: unknown) => (request as { headers: Record<string, string> }).headers[HEADER] ?? '',
    },
    request: (version) => ({ url: '/api/items', headers: { [HEADER]: version } }),
  },
];

const blocked = (step: CorsExplanation['step'], reason: string, target: string) => ({
  readable: false,
  step,
  reason,
  target,
});

for (const { name, versioning, request } of KINDS) {
  describePlatforms(`an explanation of a version in ${name}`, (platform: Platform) => {
    const server = serve(platform, Root, spy, {
      configure: (app) => app.setGlobalPrefix('api').enableVersioning(versioning),
    });
    const explain = async (more: Omit<CorsExplanationRequest, 'url'>, version: Version) => {
      const { headers, url } = request(version);
      const all = { ...headers, ...more.headers } as Record<string, string>;
      return (await explainAndSend(server.running, { ...more, url, headers: all })).explanation;
    };

    it('finds the handler of each version', async () => {
      expect(await explain({ origin: APP }, '1')).toMatchObject({ readable: true, target: 'FirstController.list' });
      expect(await explain({ origin: ADMIN, method: 'DELETE' }, '2')).toMatchObject({
        readable: true,
        target: 'SecondController.clear',
        sources: { origin: 'SecondController', allowedHeaders: 'SecondController', credentials: 'default' },
      });
    });

    it('names the exact handler where no version allows the preflight', async () => {
      expect(await explain({ origin: EVIL, method: 'DELETE', headers: { 'x-a': '' } }, '2')).toMatchObject({
        ...blocked('preflight', 'origin-not-allowed', 'SecondController.clear'),
        next: [],
      });
      expect(await explain({ origin: EVIL, method: 'DELETE', headers: { 'x-a': '' } }, '1')).toMatchObject({
        ...blocked('preflight', 'origin-not-allowed', 'FirstController.clear'),
        next: ['header-not-allowed'],
        missingHeaders: ['x-a'],
      });
    });

    it('refuses an origin that only another version allows', async () => {
      const step = name === 'the URL' ? 'preflight' : 'enforcement';
      expect(await explain({ origin: ADMIN, method: 'DELETE' }, '1')).toMatchObject(
        blocked(step, 'origin-not-allowed', 'FirstController.clear'),
      );
    });
  });
}

describePlatforms('an explanation of a version without its value', (platform) => {
  const server = serve(platform, Root, spy, {
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: HEADER }),
  });

  it('says that the version is not known', async () => {
    const { explanation } = await explainAndSend(server.running, { url: '/items', origin: APP, headers: [HEADER] });
    expect(explanation).toMatchObject({ readable: true, target: 'CorsModule', handler: undefined });
    expect(String(explanation)).toContain('CorsModule (the version is not known: give its header with a value)');
  });
});

describe('an explanation of a route constraint', () => {
  const fastify = PLATFORMS.find(({ name }) => name === 'fastify') as Platform;

  @Controller('reports')
  class ReportsController {
    @RouteConstraints({ tenant: 'acme' })
    @Cors({ origin: ADMIN })
    @Delete()
    ofAcme() {
      return spy.ran('acme');
    }
    @Delete() ofOthers() {
      return spy.ran('others');
    }
  }
  @Module({
    imports: [CorsModule.forRoot({ origin: APP, allowedHeaders: ['x-tenant'] })],
    controllers: [ReportsController],
  })
  class Reports {}

  const tenant = {
    name: 'tenant',
    storage: () => {
      const routes = new Map<unknown, unknown>();
      return {
        get: (value: unknown) => routes.get(value),
        set: (value: unknown, route: unknown) => routes.set(value, route),
      };
    },
    validate: () => true,
    deriveConstraint: (request: { headers: Record<string, string | undefined> }) => request.headers['x-tenant'],
  };
  const server = serve(fastify, Reports, spy, { adapter: { constraints: { tenant } } });

  it('finds the handler by the headers of the request', async () => {
    const request = { method: 'DELETE', url: '/reports', headers: { 'x-tenant': 'acme' } };
    const allowed = await explainAndSend(server.running, { ...request, origin: ADMIN });
    expect(allowed.explanation).toMatchObject({ readable: true, target: 'ReportsController.ofAcme' });
    const other = await explainAndSend(server.running, { ...request, origin: APP });
    expect(other.explanation).toMatchObject(blocked('enforcement', 'origin-not-allowed', 'ReportsController.ofAcme'));
  });
});
