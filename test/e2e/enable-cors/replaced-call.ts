import { Controller, Delete, Get, Header, type INestApplication, Module, Patch, Post, Put } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { type HttpResponse, headerValue } from '../../../src/browser/http-response.js';
import { judge } from '../../../src/browser/judge.js';
import type { PageHeader, PageRequest } from '../../../src/browser/page-request.js';
import { preflightOf } from '../../../src/browser/preflight.js';
import { readableHeaders } from '../../../src/browser/readable-headers.js';
import { type Platform, type RootModule, startApp } from '../../support/platforms.js';
import { RawConnection } from '../../support/requests/raw-request.js';
import { RecordedLog } from '../../unit/boot/boot.js';

/** The variable that functions in options use. */
export const ALLOWED: readonly unknown[] = ['https://app.example.com', 'https://admin.example.com'];

@Controller('orders')
class OrdersController {
  @Get() @Header('X-Total', '1') @Header('X-Other', '1') list(): void {}
  @Post() @Header('X-Total', '1') add(): void {}
  @Put() @Header('X-Total', '1') replace(): void {}
  @Patch() @Header('X-Total', '1') change(): void {}
  @Delete() @Header('X-Total', '1') remove(): void {}
}

@Module({ controllers: [OrdersController] })
class PlainModule {}

/** An application with the module, or without it. */
export function applicationWith(options: CorsModuleOptions | undefined): RootModule {
  if (options === undefined) {
    return PlainModule;
  }
  @Module({ imports: [CorsModule.forRoot(options), PlainModule] })
  class AppModule {}
  return AppModule;
}

/** The warning about a call of `enableCors()`, by a function or by the options of the application. */
export async function warningAbout(
  platform: Platform,
  { configure, application, options = {} }: Configured,
): Promise<string> {
  const logger = new RecordedLog();
  const app = await NestFactory.create(applicationWith(options), platform.createAdapter(), { ...application, logger });
  await configure?.(app);
  await app.init();
  await app.close();
  const warnings = logger.warnings.filter((line) => line.startsWith('enable-cors-active'));
  if (warnings.length !== 1) {
    throw new Error(`${warnings.length} warnings about enableCors()`);
  }
  return warnings[0] as string;
}

/** The code that a warning prints; `undefined` where it prints none. */
export function printedCode(warning: string): string | undefined {
  const code = /^ {4}CorsModule\.forRoot\((\{ .* \}|\{\n(?: {6}.*\n)* {4}\})\)$/m.exec(warning)?.[1];
  return code ?? (warning.includes(' CorsModule.forRoot()\n') ? '{}' : undefined);
}

/** The options in printed code. */
export function optionsOf(code: string): CorsModuleOptions {
  return new Function('ALLOWED', `return (${code})`)(ALLOWED) as CorsModuleOptions;
}

const ORIGINS = [
  'https://app.example.com',
  'https://admin.example.com',
  'https://deep.app.example.com',
  'http://app.example.com',
  'http://localhost:3000',
  'https://other.example.com',
  'https://appxexample.com',
  'https://evil.example',
  'capacitor://localhost',
  'null',
];

const REQUESTS: readonly (readonly [method: string, headers: readonly PageHeader[]])[] = [
  ['GET', []],
  ['POST', [{ name: 'content-type', value: 'application/json' }]],
  ['GET', [{ name: 'authorization', value: 'x' }]],
  [
    'DELETE',
    [
      { name: 'x-a', value: '1' },
      { name: 'x-b', value: '1' },
    ],
  ],
  ['PUT', []],
  ['PATCH', [{ name: 'x-a', value: '1' }]],
];

/** An application. */
export interface Configured {
  /** The options of the module. Without them there is no module. */
  readonly options?: CorsModuleOptions | undefined;
  /** The code of main.ts before `listen`. */
  readonly configure?: (app: INestApplication) => unknown;
  /** Passed to `NestFactory.create`. */
  readonly application?: Record<string, unknown>;
}

/**
 * What pages of several origins can do, as lines: what they can read, for how long browsers keep the permission, and the
 * headers that scripts may read.
 */
export async function whatPagesCanDo(platform: Platform, { options, ...started }: Configured): Promise<string[]> {
  const running = await startApp(platform, applicationWith(options), started);
  const connection = await RawConnection.open(running);
  try {
    const found: string[] = [];
    for (const origin of ORIGINS) {
      for (const [method, headers] of REQUESTS) {
        found.push(...(await outcomes(connection, origin, method, headers)));
      }
    }
    return found;
  } finally {
    connection.close();
    await running.close();
  }
}

async function outcomes(
  connection: RawConnection,
  origin: string,
  method: string,
  headers: readonly PageHeader[],
): Promise<readonly string[]> {
  const url = 'https://api.example.com/orders';
  const request: PageRequest = { origin, url, method, headers, credentials: false, mode: 'cors' };
  const due = preflightOf(request);
  const preflight =
    due &&
    (await send(connection, 'OPTIONS', {
      Origin: origin,
      'Access-Control-Request-Method': due.method,
      'Access-Control-Request-Headers': due.headers.length > 0 ? due.headers.join(',') : undefined,
    }));
  const response = await send(connection, method, { Origin: origin });
  return [false, true].flatMap((credentials) => {
    const sent = { ...request, credentials };
    if (!judge(sent, { ...(preflight && { preflight }), response }).readable) {
      return [];
    }
    const names = headers.map(({ name }) => name).join('+');
    const line = `${origin} ${method} ${names}${credentials ? ' with credentials' : ''}`;
    const shown = readableHeaders(sent, response).filter((name) => name.startsWith('x-'));
    return [
      line,
      ...(preflight ? [`${line} after ${preflight.status}, for ${lifetime(preflight)} s`] : []),
      ...shown.map((name) => `${line} reads ${name}`),
    ];
  });
}

/** How long the browser that keeps permissions longest keeps this one, in seconds. */
function lifetime(preflight: HttpResponse): number {
  const value = headerValue(preflight, 'access-control-max-age') ?? '';
  return /^-?\d+$/.test(value) ? Math.min(Math.max(Number(value), 0), 86_400) : 5;
}

async function send(
  connection: RawConnection,
  method: string,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<HttpResponse> {
  connection.send({ method, path: '/orders', headers });
  const { status, headerLines } = await connection.receive();
  return { status, headers: headerLines.map(([name, value]) => ({ name, value })) };
}
