import multipart from '@fastify/multipart';
import { Controller, Module, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { formOf } from '../../support/form.js';

/** The part of a request that `@fastify/multipart` adds. */
interface FileRequest {
  file(): Promise<{ toBuffer(): Promise<Buffer> }>;
}

export default {
  name: 'multipart',
  packages: ['@fastify/multipart'],
  platforms: ['fastify'],
  async start(platform, spy) {
    @Controller('files')
    class FilesController {
      @Post() async upload(@Req() request: FileRequest) {
        const content = await (await request.file()).toBuffer();
        return `${spy.ran('upload')} ${content.length}`;
      }
    }

    @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [FilesController] })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule, {
      configure: (app) => (app as NestFastifyApplication).register(multipart, { limits: { fileSize: 10 } }),
    });
    const upload = { method: 'POST', path: '/files' };
    return {
      send: request,
      close,
      questions: {
        '': {
          ...upload,
          ...formOf('ten bytes.'),
          status: 201,
          ran: ['upload'],
          work: ({ text }) => text === 'upload 10',
        },
      },
      errors: {
        'too large': {
          ...upload,
          ...formOf('eleven byte'),
          status: 413,
          work: ({ text }) => text.includes('request file too large'),
        },
        'not a form': {
          ...upload,
          headers: { 'Content-Type': 'application/json' },
          body: '{}',
          status: 406,
          work: ({ text }) => text.includes('not multipart'),
        },
      },
    };
  },
} satisfies Neighbour;
