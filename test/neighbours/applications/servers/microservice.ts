import { Controller, Get, Inject, Module, RequestTimeoutException } from '@nestjs/common';
import { ClientProxy, ClientsModule, MessagePattern, RpcException, Transport } from '@nestjs/microservices';
import { CorsModule } from 'nestjs-cors';
import { catchError, throwError } from 'rxjs';
import { freePort } from '../../../support/free-port.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { PAGE } from '../../question.js';

export default {
  name: 'microservice in the same application',
  packages: ['@nestjs/microservices'],
  async start(platform, spy) {
    const options = { host: '127.0.0.1', port: await freePort() };

    @Controller('sums')
    class SumsController {
      readonly #client: ClientProxy;

      constructor(@Inject('SUMS') client: ClientProxy) {
        this.#client = client;
      }

      @Get() sum() {
        spy.ran('sum');
        return this.#client.send('add', [20, 22]);
      }
      @Get('broken') broken() {
        spy.ran('broken');
        return this.#client
          .send('add', [])
          .pipe(catchError(({ message }) => throwError(() => new RequestTimeoutException(message))));
      }
      @MessagePattern('add') add(numbers: number[]) {
        spy.ran('add');
        if (numbers.length === 0) {
          throw new RpcException('nothing to add');
        }
        return numbers.reduce((sum, one) => sum + one);
      }
    }

    @Module({
      imports: [
        // With `enforce`, nestjs-cors adds a guard. It must not run for messages.
        CorsModule.forRoot({ origin: PAGE, enforce: 'all' }),
        ClientsModule.register([{ name: 'SUMS', transport: Transport.TCP, options }]),
      ],
      controllers: [SumsController],
    })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule, {
      configure: async (app) => {
        app.connectMicroservice({ transport: Transport.TCP, options }, { inheritAppConfig: true });
        await app.startAllMicroservices();
      },
    });
    const refused = { 'request refused': { status: 403, ran: [] } };
    return {
      send: request,
      close,
      questions: {
        '': {
          path: '/sums',
          ran: ['sum', 'add'],
          work: ({ status, text }) => status === 403 || text === '42',
          instead: refused,
        },
      },
      errors: {
        '': {
          path: '/sums/broken',
          ran: ['broken', 'add'],
          status: 408,
          work: ({ status, text }) => status === 403 || text.includes('nothing to add'),
          instead: refused,
        },
      },
    };
  },
} satisfies Neighbour;
