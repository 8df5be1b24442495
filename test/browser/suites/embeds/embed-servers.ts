import type { AddressInfo } from 'node:net';
import { Controller, Get, Header, Module, Param, Res, StreamableFile, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import helmet from 'helmet';
import { Cors, CorsModule, type CorsPolicyOptions } from 'nestjs-cors';
import type { PlatformName } from '../../fixtures/fixture-app.js';
import type { KeyAndCertificate } from '../../servers/key-and-certificate.js';

/** A server of pages and of files. A page and a file on two of its host names have two origins. */
export interface EmbedServer {
  readonly platform: PlatformName;
  readonly port: number;
}

/** Paths with the same files, and their policies. Below `helmet` other code sends `same-origin`. */
export const FILE_PATHS = Object.freeze({
  'no-header': {},
  'same-origin': { resourcePolicy: 'same-origin' },
  'same-site': { resourcePolicy: 'same-site' },
  'cross-origin': { resourcePolicy: 'cross-origin' },
  'helmet/untouched': {},
  'helmet/replaced': { resourcePolicy: 'cross-origin' },
} as const satisfies Record<string, CorsPolicyOptions>);

const GIF = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64');
/** One glyph. Browsers refuse an invalid font after it is loaded. */
const WOFF = Buffer.from(
  'd09GRgABAAAAAAIcAAoAAAAAAkAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAABPUy8yAAABYAAAACkAAABgRSBEmWNtYXAAAAGUAAAAKQAAADQADACUZ2x5ZgAAAcgAAAAYAAAAGPf1MwhoZWFkAAAA9AAAADYAAAA2L2qWPmhoZWEAAAEsAAAAHAAAACQFFgEuaG10eAAAAYwAAAAGAAAABgH0AABsb2NhAAABwAAAAAYAAAAGAAwAAG1heHAAAAFIAAAAFgAAACAABAAFbmFtZQAAAeAAAAAtAAAAPACKTchwb3N0AAACEAAAAAwAAAAgAAMAAAABAAAAAQAAvTHiVV8PPPUAAwPoAAAAAOcwKbUAAAAA5zAptQAAAAAB9AH0AAAAAwACAAAAAAAAeJxjYGRgYFb4b8HAwPiFgQFMMjKgAkYAUvEDSHicY2BkYGBgYmBmANEgFhoAAAD5AAoAAHicY2Bm/MI4gYGVgYWBMGBE5tgDAZByZHBkVgDxgeQJNPVAcQDaTwRAAAAAAfQAAAAAAAB4nGNgYGBiYGBgBmIRIMkIplkYFIA0CxCC+I7//0PI/wfAfAYAUpcGnQAAAAAAAAAADAAAAAEAAAAAAfQB9AACAAAxEQEB9AH0/gwAeJxjYGBgYTBjYGQAAUYwDWEzgXnMDIwsnECaCQghbBCLxTWIwZUhCAAVqAGgAAAAeJxjYGbACwAAfQAE',
  'base64',
);

interface AnyResponse {
  header(name: string, value: string): AnyResponse;
  send(body: string): unknown;
}

@Controller('pages')
class PagesController {
  @Get(':policy') page(@Param('policy') policy: string, @Res() response: AnyResponse) {
    const typed = response.header('content-type', 'text/html; charset=utf-8');
    const isolated = policy === 'none' ? typed : typed.header('cross-origin-embedder-policy', policy);
    isolated.send('<!doctype html><title>page</title><body>');
  }
}

function filesController([path, policy]: [string, CorsPolicyOptions]): Type {
  @Cors({ ...policy, origin: '*' })
  @Controller(path)
  class FilesController {
    @Get('image.gif') image() {
      return new StreamableFile(GIF, { type: 'image/gif' });
    }
    @Get('font.woff') font() {
      return new StreamableFile(WOFF, { type: 'font/woff' });
    }
    @Get('script.js') @Header('content-type', 'text/javascript') script() {
      return 'globalThis.embedded = true;';
    }
    @Get('module.js') @Header('content-type', 'text/javascript') module() {
      return 'export const embedded = true;';
    }
    @Get('data.txt') @Header('content-type', 'text/plain') data() {
      return 'data';
    }
  }
  return FilesController;
}

/** @param closers receives a function that ends each server */
export async function startEmbedServers(
  certificate: KeyAndCertificate,
  closers: (() => unknown)[],
): Promise<readonly EmbedServer[]> {
  @Module({
    imports: [CorsModule.forRoot({ diagnostics: { silence: ['corp-blocks-embeds'] } })],
    controllers: [PagesController, ...Object.entries(FILE_PATHS).map(filesController)],
  })
  class EmbedsModule {}
  const application = { logger: false, abortOnError: false, forceCloseConnections: true } as const;
  const apps = {
    express: await NestFactory.create(EmbedsModule, new ExpressAdapter(), {
      ...application,
      httpsOptions: certificate,
    }),
    fastify: await NestFactory.create(EmbedsModule, new FastifyAdapter({ https: certificate }), application),
  };
  const servers: EmbedServer[] = [];
  for (const platform of ['express', 'fastify'] as const) {
    const app = apps[platform];
    closers.push(() => app.close());
    app.use('/helmet', helmet());
    await app.listen(0, '127.0.0.1');
    servers.push({ platform, port: (app.getHttpServer().address() as AddressInfo).port });
  }
  return servers;
}
