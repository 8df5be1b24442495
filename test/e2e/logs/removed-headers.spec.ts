import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, type INestApplication, Module, Res } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import {
  describePlatforms,
  PLATFORMS,
  type Platform,
  type RunningApp,
  type StartOptions,
  startApp,
} from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const [EXPRESS] = PLATFORMS as [Platform];
const EXPOSE = 'Access-Control-Expose-Headers';

type AnyResponse = ServerResponse & { readonly raw?: ServerResponse; hijack?(): void };

/** The raw response, which the handler answers itself. */
function rawOf(response: AnyResponse): ServerResponse {
  response.hijack?.();
  return response.raw ?? response;
}

@Controller('own')
class OwnController {
  @Get('set') @Header(EXPOSE, 'Mcp-Session-Id, x-total') set(): string {
    return 'set';
  }
  @Get('raw') raw(@Res() response: AnyResponse): void {
    const raw = rawOf(response);
    raw.setHeader(EXPOSE, ['upload-offset', 'upload-length']);
    raw.end('raw');
  }
  @Get('object') object(@Res() response: AnyResponse): void {
    rawOf(response)
      .writeHead(200, { [EXPOSE]: 'x-object' })
      .end('object');
  }
  @Get('list') list(@Res() response: AnyResponse): void {
    rawOf(response).writeHead(200, ['X-A', '1', EXPOSE, 'x-list']).end('list');
  }
  @Get('set-and-list') setAndList(@Res() response: AnyResponse): void {
    const raw = rawOf(response);
    raw.setHeader('X-A', '1');
    raw.writeHead(200, 'Fine', [EXPOSE, 'x-set-and-list']).end('list');
  }
  @Get('exposed') @Header(EXPOSE, 'X-Total, content-type') exposed(): string {
    return 'exposed';
  }
  @Get('same') @Header('Access-Control-Allow-Origin', APP) same(): string {
    return 'same';
  }
  @Get('origin') @Header('Access-Control-Max-Age', '5') @Header('Access-Control-Allow-Origin', '*') origin(): string {
    return 'origin';
  }
  @Cors({ credentials: true }) @Get('star') @Header(EXPOSE, '*') star(): string {
    return 'star';
  }
  @DisableCors() @Get('disabled') @Header('Access-Control-Allow-Origin', '*') disabled(): string {
    return 'disabled';
  }
  @Cors('untouched') @Get('left') @Header(EXPOSE, 'x-left') left(): string {
    return 'left';
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: APP, exposedHeaders: ['x-total'] })], controllers: [OwnController] })
class AppModule {}

const SENT = { 'access-control-allow-origin': APP, 'access-control-expose-headers': 'x-total', vary: 'Origin' };

async function start(platform: Parameters<typeof startApp>[0], log: RecordedLog, options: StartOptions = {}) {
  return startApp(platform, AppModule, { ...options, application: { logger: log } });
}

describePlatforms('a CORS header that a handler sets itself', (platform) => {
  const log = new RecordedLog();
  let server: RunningApp;
  const configure = (app: INestApplication) =>
    app.use('/middleware', (_request: IncomingMessage, response: ServerResponse) => {
      response.setHeader(EXPOSE, 'x-middleware');
      response.end();
    });
  beforeAll(async () => {
    server = await start(platform, log, { configure });
  });
  afterAll(() => server.close());

  const linesFor = async (path: string, origin: string | undefined = APP) => {
    log.warnings.length = 0;
    const response = await server.request({ path, headers: { Origin: origin } });
    return { headers: corsHeaders(response), lines: [...log.warnings] };
  };

  it.each([
    ['/own/set', 'OwnController.set', '"Mcp-Session-Id, x-total"', "['x-total', 'mcp-session-id']"],
    ['/own/raw', 'OwnController.raw', '"upload-offset,upload-length"', "['x-total', 'upload-offset', 'upload-length']"],
    ['/own/object', 'OwnController.object', '"x-object"', "['x-total', 'x-object']"],
    ['/own/list', 'OwnController.list', '"x-list"', "['x-total', 'x-list']"],
    ['/own/set-and-list', 'OwnController.setAndList', '"x-set-and-list"', "['x-total', 'x-set-and-list']"],
    ['/middleware', 'CorsModule', '"x-middleware"', "['x-total', 'x-middleware']"],
  ])('is replaced at %s, and logged once with the option to write', async (path, target, value, list) => {
    const line =
      `CorsModule removed CORS headers that ${target}, or code before it, sets itself: ` +
      `"access-control-expose-headers": ${value}. Browsers get those of the policy only. Write \`exposedHeaders: ${list}\`.`;
    expect(await linesFor(path)).toEqual({ headers: SENT, lines: [line] });
    expect(await linesFor(path)).toEqual({ headers: SENT, lines: [] });
  });

  it.each(['/own/exposed', '/own/same'])('is not logged if the policy sends the same: %s', async (path) => {
    expect(await linesFor(path)).toEqual({ headers: SENT, lines: [] });
    expect((await linesFor(path, undefined)).lines).toEqual([]);
  });

  it('is logged with the options that set it', async () => {
    expect(await linesFor('/own/origin')).toEqual({
      headers: SENT,
      lines: [
        'CorsModule removed CORS headers that OwnController.origin, or code before it, sets itself: "access-control-allow-origin": "*", "access-control-max-age": "5". Browsers get those of the policy only. These options set them: `origin`, `maxAge`.',
      ],
    });
  });

  it('is logged without code if the option cannot have it', async () => {
    expect((await linesFor('/own/star')).lines).toEqual([
      expect.stringContaining('With `credentials: true` a `*` exposes nothing: list the names in `exposedHeaders`.'),
    ]);
  });

  it('is logged on a disabled route', async () => {
    expect((await linesFor('/own/disabled')).lines.join('\n')).toContain(
      'This policy allows no origin. Remove the headers, or open the route with @Cors({ origin }).',
    );
  });

  it('stays on an untouched route', async () => {
    expect(await linesFor('/own/left')).toEqual({
      headers: { 'access-control-expose-headers': 'x-left' },
      lines: [],
    });
  });
});

describePlatforms('CORS headers of enableCors()', (platform) => {
  it('are not logged for each handler, except exposed headers that the policy does not list', async () => {
    const log = new RecordedLog();
    const server = await start(platform, log, {
      configure: (app) => app.enableCors({ origin: EVIL, credentials: true, exposedHeaders: ['x-old'] }),
    });
    try {
      log.warnings.length = 0;
      await server.request({ path: '/own/same', headers: { Origin: APP } });
      expect(log.warnings).toEqual([
        'CorsModule removed CORS headers that OwnController.same, or code before it, sets itself: "access-control-expose-headers": "x-old". Browsers get those of the policy only. Write `exposedHeaders: [\'x-total\', \'x-old\']`.',
      ]);
    } finally {
      await server.close();
    }
  });
});

describe('the log of removed headers', () => {
  it('is silent where refusals are not logged', async () => {
    @Module({
      imports: [CorsModule.forRoot({ origin: APP, diagnostics: { logRefusals: false } })],
      controllers: [OwnController],
    })
    class QuietModule {}
    const log = new RecordedLog();
    const server = await startApp(EXPRESS, QuietModule, { application: { logger: log } });
    try {
      log.warnings.length = 0;
      await server.request({ path: '/own/set', headers: { Origin: APP } });
      expect(log.warnings).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
