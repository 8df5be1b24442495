import {
  Controller,
  Get,
  Header,
  Headers,
  HttpException,
  HttpStatus,
  Module,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CorsModule } from 'nestjs-cors';
import { headerValues } from '../../../support/requests/http-message.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

const FILE = Buffer.from('0123456789');

export default {
  name: 'StreamableFile with ranges',
  packages: [],
  todo: { text: 'expose `Content-Range`', heading: 'Ranges of a file' },
  async start(platform, spy) {
    @Controller('films')
    class FilmsController {
      readonly #adapters: HttpAdapterHost;

      constructor(adapters: HttpAdapterHost) {
        this.#adapters = adapters;
      }

      @Get()
      @Header('Accept-Ranges', 'bytes')
      film(@Headers('range') range: string | undefined, @Res({ passthrough: true }) response: unknown) {
        spy.ran('film');
        const bounds = /^bytes=(\d+)-(\d+)$/.exec(range ?? '');
        if (bounds === null) {
          return new StreamableFile(FILE, { type: 'video/mp4', length: FILE.length });
        }
        const [start, end] = [Number(bounds[1]), Number(bounds[2])];
        const { httpAdapter } = this.#adapters;
        if (end >= FILE.length) {
          httpAdapter.setHeader(response, 'Content-Range', `bytes */${FILE.length}`);
          throw new HttpException('beyond the end', HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE);
        }
        httpAdapter.status(response, HttpStatus.PARTIAL_CONTENT);
        httpAdapter.setHeader(response, 'Content-Range', `bytes ${start}-${end}/${FILE.length}`);
        return new StreamableFile(FILE.subarray(start, end + 1), { type: 'video/mp4', length: end + 1 - start });
      }
    }

    @Module({
      imports: [
        CorsModule.forRoot({
          origin: PAGE,
          allowedHeaders: ['Range'],
          exposedHeaders: ['Accept-Ranges', 'Content-Range'],
        }),
      ],
      controllers: [FilmsController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    const film = { path: '/films', asks: 'range', exposes: 'accept-ranges,content-range', ran: ['film'] };
    const ranged = (range: string) => ({ ...film, headers: { Range: range } });
    return {
      send: request,
      close,
      questions: {
        whole: {
          ...film,
          work: (answer) => answer.text === `${FILE}` && headerValues(answer, 'content-type')[0] === 'video/mp4',
        },
        range: {
          ...ranged('bytes=2-4'),
          status: 206,
          work: (answer) => answer.text === '234' && headerValues(answer, 'content-range')[0] === 'bytes 2-4/10',
        },
      },
      errors: {
        '': {
          ...ranged('bytes=5-20'),
          status: 416,
          work: (answer) => headerValues(answer, 'content-range')[0] === 'bytes */10',
        },
      },
    };
  },
} satisfies Neighbour;
