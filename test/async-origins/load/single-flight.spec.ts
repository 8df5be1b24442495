import { beforeAll, expect, it } from '@jest/globals';
import { Controller, Injectable, Module, Put } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';
import { corsHeaders } from '../../support/cors-headers.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { PREFLIGHT_VARY, preflight } from '../../support/policy-statement.js';
import { stopTime } from '../support/fake-time.js';
import { HeldCalls } from '../support/held-calls.js';
import { ServerSockets } from '../support/server-sockets.js';

const REQUESTS = 200;
const NEW = 'https://new.example';

const spy = new HandlerSpy();
const heldCalls = new HeldCalls();

@Injectable()
class Origins {
  resolve(origin: string): Promise<boolean> {
    return heldCalls.call(origin);
  }
}

@Controller('r')
class ResourceController {
  @Put() replace() {
    return spy.ran('replace');
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: Origins })],
  controllers: [ResourceController],
  providers: [Origins],
})
class ApplicationModule {}

describePlatforms(`${REQUESTS} requests from one new origin`, (platform) => {
  const server = serve(platform, ApplicationModule, spy);
  const time = stopTime();
  let sockets: ServerSockets;
  beforeAll(() => {
    sockets = new ServerSockets(server.running.app.getHttpServer());
  });

  it.each([true, false])(
    'share one call of the resolver, preflights and actual requests alike, that answers %s',
    async (yes) => {
      const origin = yes ? NEW : `${NEW}:1`;
      heldCalls.restart();
      spy.take();
      const before = sockets.requests;
      const pending = Array.from({ length: REQUESTS }, (_, index) =>
        server.request(
          index % 2 === 0 ? preflight(origin, 'PUT', '/r') : { method: 'PUT', path: '/r', headers: { Origin: origin } },
        ),
      );
      await sockets.until(({ requests }) => requests === before + REQUESTS);
      expect([heldCalls.origins, spy.take(), time.timers]).toEqual([[origin], [], 1]);
      heldCalls.answer(yes);
      const responses = await Promise.all(pending);
      const acao = yes ? { 'access-control-allow-origin': origin } : {};
      const expected = [
        {
          status: yes ? 204 : 403,
          headers: { ...acao, ...(yes ? { 'access-control-allow-methods': 'PUT' } : {}), vary: PREFLIGHT_VARY },
        },
        { status: 200, headers: { ...acao, vary: 'Origin' } },
      ];
      for (const [index, response] of responses.entries()) {
        expect({ status: response.status, headers: corsHeaders(response) }).toEqual(expected[index % 2]);
      }
      expect([spy.take().length, heldCalls.origins, time.timers]).toEqual([REQUESTS / 2, [origin], 0]);
    },
  );
});
