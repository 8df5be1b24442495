import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Delete,
  Get,
  HttpCode,
  type INestApplication,
  Module,
  Options,
  Post,
  Scope,
  UseGuards,
  VersioningType,
} from '@nestjs/common';
import { Cors, CorsModule, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import {
  describePlatforms,
  type Outcome,
  observe,
  PLATFORMS,
  type Platform,
  type RunningApp,
  startApp,
} from '../../support/platforms.js';
import { ADMIN, APP, EVIL, preflight, REFUSED_PREFLIGHT } from '../../support/policy-statement.js';
import type { RawRequest } from '../../support/requests/raw-request.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();
const [EXPRESS] = PLATFORMS as [Platform];
const refusingGuard = { canActivate: () => false };

@Controller('tried')
class TriedController {
  @Get() list() {
    return spy.ran('list');
  }
  @Post() @HttpCode(200) create() {
    return spy.ran('create');
  }
  @UseGuards(refusingGuard) @Post('guarded') guarded() {
    return spy.ran('guarded');
  }
  @Cors({ enforceReportOnly: false }) @Post('enforced') enforced() {
    return spy.ran('enforced');
  }
  @Cors({ enforce: false }) @Post('exempted') @HttpCode(200) exempted() {
    return spy.ran('exempted');
  }
  @Cors({ enforce: 'all' }) @Get('all') all() {
    return spy.ran('all');
  }
  @Cors({ origin: '*' }) @Post('anyone') @HttpCode(200) anyone() {
    return spy.ran('anyone');
  }
  @DisableCors() @Post('disabled') @HttpCode(200) disabled() {
    return spy.ran('disabled');
  }
}

@Controller({ path: 'scoped', scope: Scope.REQUEST })
class ScopedController {
  @Post() @HttpCode(200) create() {
    return spy.ran('scoped');
  }
}

/** Nest reads its guards from a function that is unknown at boot, so an interceptor checks as well. */
@Controller('bound')
class BoundController {
  constructor() {
    this.create = this.create.bind(this);
  }
  @Post() @HttpCode(200) create() {
    return spy.ran('bound');
  }
}

@Cors('untouched')
@Controller('left')
class LeftController {
  @Post() @HttpCode(200) create() {
    return spy.ran('left');
  }
}

@Controller('asked')
class AskedController {
  @Cors('untouched') @Post() post() {
    return spy.ran('post');
  }
  @Cors({ enforce: 'all' }) @Options() @HttpCode(200) options() {
    return spy.ran('options');
  }
}

@Controller({ path: 'versioned', version: '1' })
class OneController {
  @Delete() remove() {
    return spy.ran('one');
  }
}

@Cors({ origin: ADMIN })
@Controller({ path: 'versioned', version: '2' })
class TwoController {
  @Delete() remove() {
    return spy.ran('two');
  }
}

const OPTIONS: CorsModuleOptions = {
  origin: APP,
  enforce: 'unsafe-methods',
  enforceReportOnly: true,
  paths: [
    { path: '/files', policy: { maxAge: 5 } },
    { path: '/shut', policy: false },
  ],
};

@Module({
  imports: [CorsModule.forRoot(OPTIONS)],
  controllers: [
    TriedController,
    ScopedController,
    BoundController,
    LeftController,
    AskedController,
    OneController,
    TwoController,
  ],
})
class ReportingModule {}

/** Puts middleware below the paths without a handler. */
function configure(app: INestApplication): void {
  app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' });
  for (const path of ['/files', '/shut']) {
    app.use(path, (_request: IncomingMessage, response: ServerResponse) => response.end(spy.ran(path)));
  }
}

const served = (handler: string, headers: Outcome['headers'] = { vary: 'Origin' }): Outcome => ({
  status: 200,
  headers,
  ran: [handler],
});
const REFUSED: Outcome = { status: 403, headers: { vary: 'Origin' }, ran: [] };
const ALLOWED = { 'access-control-allow-origin': APP, vary: 'Origin' };

describePlatforms('enforceReportOnly', (platform) => {
  const log = new RecordedLog();
  let running: RunningApp;
  beforeAll(async () => {
    running = await startApp(platform, ReportingModule, { configure, application: { logger: log } });
  });
  afterAll(() => running.close());
  const server = observe(() => running, spy);

  /** Sends a request, and returns its outcome with the lines that it adds to the log. */
  const send = async (request: RawRequest) => {
    log.warnings.length = 0;
    const outcome = await server.outcome(request);
    return {
      outcome,
      lines: log.warnings.map((line) => line.replace(/^(.* (?:\(\S+\)|\(paths "[^"]+"\))): .*/, '$1')),
    };
  };
  const post = (path: string, headers: Record<string, string>) => send({ method: 'POST', path, headers });

  it('serves a POST from another origin, and logs one line that says why it would be refused', async () => {
    expect(await post('/tried', { Origin: EVIL })).toEqual({
      outcome: served('create'),
      lines: [
        'would-refuse (origin-not-allowed): "POST" "/tried" from origin "https://evil.example" (TriedController.create)',
      ],
    });
    const { header } = await running
      .request({ method: 'POST', path: '/tried', headers: { Origin: EVIL } })
      .then((response) => ({ header: response.headerLines.find(([name]) => name.toLowerCase() === 'cache-control') }));
    expect(header).toBeUndefined();
  });

  it.each<[string, Record<string, string>, Outcome]>([
    ['from an allowed origin', { Origin: APP }, served('create', ALLOWED)],
    ['without Origin', {}, served('create')],
    ['of the same origin', { Origin: EVIL, 'Sec-Fetch-Site': 'same-origin' }, served('create')],
  ])('logs nothing for a POST %s', async (_, headers, outcome) => {
    expect(await post('/tried', headers)).toEqual({ outcome, lines: [] });
  });

  it('logs the plain reason for a method that `enforce` does not cover', async () => {
    expect(await send({ path: '/tried', headers: { Origin: EVIL } })).toEqual({
      outcome: served('list'),
      lines: ['origin-not-allowed: "GET" "/tried" from origin "https://evil.example" (TriedController.list)'],
    });
  });

  it('logs the plain reason for a request that a guard of the application refused first', async () => {
    expect(await post('/tried/guarded', { Origin: EVIL })).toEqual({
      outcome: REFUSED,
      lines: [
        'origin-not-allowed: "POST" "/tried/guarded" from origin "https://evil.example" (TriedController.guarded)',
      ],
    });
  });

  it('answers preflights as without it', async () => {
    expect((await send(preflight(EVIL, 'POST', '/tried'))).outcome).toEqual(REFUSED_PREFLIGHT);
    expect((await send(preflight(APP, 'POST', '/tried'))).outcome.status).toBe(204);
  });

  it('is inherited for each property', async () => {
    expect((await post('/tried/enforced', { Origin: EVIL })).outcome).toEqual(REFUSED);
    expect(await post('/tried/exempted', { Origin: EVIL })).toEqual({
      outcome: served('exempted'),
      lines: [expect.stringMatching(/^origin-not-allowed: /)],
    });
    expect(await send({ path: '/tried/all', headers: { Origin: EVIL } })).toEqual({
      outcome: served('all'),
      lines: [expect.stringMatching(/^would-refuse \(origin-not-allowed\): /)],
    });
  });

  it('adds no Vary to a policy for any origin', async () => {
    const outcome = served('anyone', { 'access-control-allow-origin': '*' });
    expect(await post('/tried/anyone', { Origin: EVIL })).toEqual({ outcome, lines: [] });
  });

  it('reports a disabled route, whose response does not vary', async () => {
    expect(await post('/tried/disabled', { Origin: APP })).toEqual({
      outcome: served('disabled', {}),
      lines: [
        'would-refuse (disabled): "POST" "/tried/disabled" from origin "https://app.example.com" (TriedController.disabled)',
      ],
    });
  });

  it('reports nothing for an untouched route', async () => {
    expect(await post('/left', { Origin: EVIL })).toEqual({ outcome: served('left', {}), lines: [] });
  });

  it('reports a handler of a request-scoped controller', async () => {
    expect(await post('/scoped', { Origin: EVIL })).toEqual({
      outcome: served('scoped'),
      lines: [expect.stringMatching(/^would-refuse \(origin-not-allowed\): .* \(ScopedController\.create\)$/)],
    });
  });

  it('reports a path without a handler, and an entry of `paths` that is false', async () => {
    expect(await post('/files/a', { Origin: EVIL })).toEqual({
      outcome: served('/files'),
      lines: [
        expect.stringMatching(/^would-refuse \(origin-not-allowed\): "POST" "\/files\/a" .* \(paths "\/files"\)$/),
      ],
    });
    expect(await post('/shut/a', { Origin: APP })).toEqual({
      outcome: served('/shut', {}),
      lines: [expect.stringMatching(/^would-refuse \(disabled\): "POST" "\/shut\/a" .* \(paths "\/shut"\)$/)],
    });
  });

  it('reports an ambiguous path', async () => {
    expect((await post('/files/../x', { Origin: APP })).lines).toEqual([
      expect.stringMatching(/^would-refuse \(path-ambiguous\): /),
    ]);
  });

  it('reports an OPTIONS handler that answers a passed-on preflight, and leaves its response alone', async () => {
    expect(await send(preflight(EVIL, 'POST', '/asked'))).toEqual({
      outcome: served('options', {}),
      lines: [
        expect.stringMatching(
          /^would-refuse \(origin-not-allowed\): "OPTIONS" "\/asked" .*\(AskedController\.options\)$/,
        ),
      ],
    });
  });

  it('still refuses handlers whose version a preflight does not show', async () => {
    for (const [version, origin] of [
      ['1', ADMIN],
      ['2', APP],
    ] as const) {
      const request = { method: 'DELETE', path: '/versioned', headers: { Origin: origin, 'x-version': version } };
      expect(await send(request)).toEqual({
        outcome: REFUSED,
        lines: [expect.stringMatching(/^origin-not-allowed: "DELETE" "\/versioned" /)],
      });
    }
  });
});

describePlatforms('the count of requests that enforceReportOnly serves', (platform) => {
  it.each(['/tried', '/scoped', '/bound', '/files/a'])('has each request to %s once', async (path) => {
    const { now } = Date;
    let minutes = 0;
    Date.now = () => now() + minutes * 60_000;
    const log = new RecordedLog();
    const running = await startApp(platform, ReportingModule, { configure, application: { logger: log } });
    try {
      for (const minute of [0, 0, 0, 2]) {
        minutes = minute;
        await running.request({ method: 'POST', path, headers: { Origin: EVIL } });
      }
      const lines = log.warnings.filter((line) => line.startsWith('would-refuse'));
      expect(lines.map((line) => / \(\d+ more since the last line\)$/.exec(line)?.[0])).toEqual([
        undefined,
        ' (2 more since the last line)',
      ]);
    } finally {
      Date.now = now;
      await running.close();
    }
  });
});

describe('enforceReportOnly (express)', () => {
  it.each<[string, string, Outcome['headers']]>([
    ['/tried', EVIL, { vary: 'Origin' }],
    ['/tried', APP, ALLOWED],
    ['/files/a', EVIL, { vary: 'Origin' }],
    ['/files/a', APP, ALLOWED],
  ])('serves a POST to %s from %s although a trust-proxy function throws', async (path, origin, headers) => {
    const running = await startApp(EXPRESS, ReportingModule, {
      configure: (app) => {
        configure(app);
        app
          .getHttpAdapter()
          .getInstance()
          .set('trust proxy', () => {
            throw new Error('no such network');
          });
      },
    });
    try {
      const request = { method: 'POST', path, headers: { Origin: origin, 'X-Forwarded-Host': 'api.test' } };
      expect(await observe(() => running, spy).outcome(request)).toMatchObject({ status: 200, headers });
    } finally {
      await running.close();
    }
  });

  @Cors({ origin: ADMIN })
  @Controller('admin')
  class AdminController {
    @Post() create() {
      return spy.ran('admin');
    }
  }
  @Module({
    imports: [CorsModule.forRoot({ origin: APP, enforce: 'all', enforceReportOnly: true })],
    controllers: [TriedController, AdminController],
  })
  class RewritingModule {}

  it('still refuses a request that middleware rewrites to a handler with another policy', async () => {
    const log = new RecordedLog();
    const running = await startApp(EXPRESS, RewritingModule, {
      application: { logger: log },
      configure: (app) =>
        app.use((request: IncomingMessage, _response: ServerResponse, next: () => void) => {
          request.url = '/admin';
          next();
        }),
    });
    try {
      const server = observe(() => running, spy);
      log.warnings.length = 0;
      const outcome = await server.outcome({ method: 'POST', path: '/tried', headers: { Origin: APP } });
      expect(outcome).toEqual(REFUSED);
      expect(log.warnings.map((line) => line.slice(0, 20))).toEqual(['Middleware changed a', 'origin-not-allowed: ']);
    } finally {
      await running.close();
    }
  });
});
