import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { All, Controller, type INestApplication, Module, Req, Res } from '@nestjs/common';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { Cors, CorsModule } from 'nestjs-cors';
import { headerValues } from '../../../support/requests/http-message.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { tusPolicy } from '../../policies/tus-policy.js';
import { type Answer, PAGE, STRANGER } from '../../question.js';

/** Fastify's request and reply have those of Node. */
type Request = IncomingMessage & { readonly raw?: IncomingMessage };
type Reply = ServerResponse & { readonly raw?: ServerResponse };

const BYTES = { 'Content-Type': 'application/offset+octet-stream' };
const EXPOSED = tusPolicy.exposedHeaders.join().toLowerCase();
const VERSION = { 'Tus-Resumable': '1.0.0' };

function acceptBytes(app: INestApplication) {
  app
    .getHttpAdapter()
    .getInstance()
    .addContentTypeParser?.(BYTES['Content-Type'], (_: unknown, __: unknown, done: () => void) => done());
}

const BY_TUS =
  'Authorization, Content-Type, Location, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Concat, ' +
  'Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset, X-HTTP-Method-Override, X-Requested-With, ' +
  'X-Forwarded-Host, X-Forwarded-Proto, Forwarded';

/** tus sends the same headers to every page. */
const requestByTus = {
  headers: { 'access-control-allow-origin': PAGE, 'access-control-expose-headers': BY_TUS },
};
const preflightByTus = {
  status: 204,
  headers: {
    ...requestByTus.headers,
    'access-control-allow-methods': 'POST, HEAD, PATCH, OPTIONS, DELETE',
    'access-control-allow-headers': BY_TUS,
    'access-control-max-age': '86400',
  },
  ran: ['untouched OPTIONS'],
};

export default {
  name: 'tus',
  packages: ['@tus/server', '@tus/file-store'],
  todo: { text: 'list and expose its headers', heading: 'Resumable uploads with tus' },
  async start(platform, spy) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-tus-'));
    const serverAt = (at: string, options = {}) =>
      new Server({ path: at, datastore: new FileStore({ directory }), ...options });
    const everyPath = ['', platform.name === 'express' ? '*path' : '*'];

    @Controller('files')
    @Cors(tusPolicy)
    class FilesController {
      readonly #server = serverAt('/files');

      @All(everyPath) handle(@Req() request: Request, @Res() reply: Reply) {
        spy.ran(`files ${request.method}`);
        return this.#server.handle(request.raw ?? request, reply.raw ?? reply);
      }
    }

    @Controller('untouched')
    @Cors('untouched')
    class UntouchedController {
      readonly #server = serverAt('/untouched', { allowedOrigins: [PAGE] });

      @All(everyPath) handle(@Req() request: Request, @Res() reply: Reply) {
        spy.ran(`untouched ${request.method}`);
        return this.#server.handle(request.raw ?? request, reply.raw ?? reply);
      }
    }

    @Module({
      imports: [CorsModule.forRoot({ origin: PAGE })],
      controllers: [FilesController, UntouchedController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule, { configure: acceptBytes });
    const isCreated = (answer: Answer) =>
      /\/\w{32}$/.test(headerValues(answer, 'location')[0] ?? '') && headerValues(answer, 'upload-offset')[0] === '5';
    const create = {
      method: 'POST',
      headers: { ...VERSION, ...BYTES, 'Upload-Length': '5' },
      body: 'bytes',
      status: 201,
      work: isCreated,
    };
    const files = { ...create, path: '/files', exposes: EXPOSED };
    const emptyUpload = async () => {
      const headers = { ...VERSION, 'Upload-Length': '5' };
      const [location = ''] = headerValues(await request({ method: 'POST', path: '/files', headers }), 'location');
      return new URL(location).pathname;
    };
    const uploads: Record<string, string> = { [PAGE]: await emptyUpload(), [STRANGER]: await emptyUpload() };
    return {
      send: request,
      close: async () => {
        await close();
        fs.rmSync(directory, { recursive: true });
      },
      questions: {
        create: { ...files, asks: 'content-type,tus-resumable,upload-length', ran: ['files POST'] },
        continue: {
          method: 'PATCH',
          path: '/files',
          // Each page continues its own upload.
          send: (asked) => request({ ...asked, path: uploads[String(asked.headers?.Origin)] }),
          headers: { ...VERSION, ...BYTES, 'Upload-Offset': '0' },
          body: 'bytes',
          asks: 'content-type,tus-resumable,upload-offset',
          exposes: EXPOSED,
          status: 204,
          ran: ['files PATCH'],
          work: (answer) => headerValues(answer, 'upload-offset')[0] === '5',
        },
        untouched: {
          ...create,
          path: '/untouched',
          ran: ['untouched POST'],
          instead: {
            'preflight allowed': preflightByTus,
            'preflight refused': preflightByTus,
            'request allowed': requestByTus,
            'request refused': requestByTus,
          },
        },
      },
      errors: {
        'no version': {
          ...files,
          headers: { ...BYTES, 'Upload-Length': '5' },
          status: 412,
          ran: ['files POST'],
          work: ({ text }) => text.includes('Tus-Resumable Required'),
        },
        'no such upload': {
          ...files,
          method: 'PATCH',
          path: '/files/none',
          headers: { ...VERSION, ...BYTES, 'Upload-Offset': '0' },
          status: 404,
          ran: ['files PATCH'],
          work: ({ text }) => text.includes('not found'),
        },
      },
    };
  },
} satisfies Neighbour;
