import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Controller, Get, Module } from '@nestjs/common';
import { ServeStaticModule } from '@nestjs/serve-static';
import { CorsModule } from 'nestjs-cors';
import { headerValues } from '../../../support/requests/http-message.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

export default {
  name: 'serve-static',
  packages: ['@nestjs/serve-static'],
  todo: { text: 'choose who reads the files', heading: 'Static files' },
  async start(platform, spy) {
    const rootPath = fs.mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-static-'));
    fs.writeFileSync(path.join(rootPath, 'index.html'), '<h1>shop</h1>');
    fs.writeFileSync(path.join(rootPath, 'note.txt'), '0123456789');

    @Controller('items')
    class ItemsController {
      @Get() list() {
        return spy.ran('list');
      }
    }

    @Module({
      imports: [
        CorsModule.forRoot({
          origin: PAGE,
          paths: [{ path: '/files', policy: { credentials: true, exposedHeaders: ['Content-Range'] } }],
        }),
        ServeStaticModule.forRoot(
          { rootPath, serveRoot: '/files', serveStaticOptions: { fallthrough: true } },
          { rootPath, serveRoot: '/strict', serveStaticOptions: { fallthrough: false, decorateReply: false } },
        ),
      ],
      controllers: [ItemsController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    const note = { path: '/files/note.txt', credentials: true, exposes: 'content-range' };
    return {
      send: request,
      close: async () => {
        await close();
        fs.rmSync(rootPath, { recursive: true });
      },
      questions: {
        file: { ...note, work: ({ text }) => text === '0123456789' },
        range: {
          ...note,
          headers: { Range: 'bytes=2-4' },
          status: 206,
          work: (answer) => answer.text === '234' && headerValues(answer, 'content-range')[0] === 'bytes 2-4/10',
        },
        'page of the client application': {
          ...note,
          path: '/files/some/view',
          work: ({ text }) => text === '<h1>shop</h1>',
        },
        controller: { path: '/items', ran: ['list'], work: ({ text }) => text === 'list' },
      },
      errors: {
        'no such file': { path: '/strict/missing.txt', status: 404, work: ({ text }) => /not found/i.test(text) },
        'range after the end': {
          ...note,
          headers: { Range: 'bytes=20-30' },
          status: 416,
          work: ({ text }) => text.includes('Range Not Satisfiable'),
        },
      },
    };
  },
} satisfies Neighbour;
