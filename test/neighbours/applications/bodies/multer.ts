import { Controller, Module, Post, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { CorsModule } from 'nestjs-cors';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';
import { formOf } from '../../support/form.js';

export default {
  name: 'multer',
  packages: ['multer'],
  platforms: ['express'],
  async start(platform, spy) {
    @Controller('files')
    class FilesController {
      @Post()
      @UseInterceptors(FileInterceptor('file', { limits: { fileSize: 10 } }))
      upload(@UploadedFile() file: { size: number }) {
        return `${spy.ran('upload')} ${file.size}`;
      }
    }

    @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [FilesController] })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
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
          work: ({ text }) => text.includes('File too large'),
        },
        'other field': {
          ...upload,
          ...formOf('x', 'picture'),
          status: 400,
          work: ({ text }) => text.includes('Unexpected file field'),
        },
      },
    };
  },
} satisfies Neighbour;
