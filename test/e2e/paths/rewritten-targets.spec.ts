import { expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, PARTNER } from '../../support/policy-statement.js';
import { headerValues } from '../../support/requests/http-message.js';

const spy = new HandlerSpy();

type Raw = { url?: string; raw?: { url?: string } };
type Handle = (request: object, response: object) => void;

@Cors({ origin: [ADMIN] })
@Controller('legacy')
class LegacyController {
  @Get() old() {
    return spy.ran('legacy');
  }
}

/** A resolver whose cache key rewrites the URL. Applications should not do this. */
class Rewriting {
  cacheKey(context: { request: unknown }): string {
    const request = context.request as Raw;
    (request.raw ?? request).url = '/legacy';
    return 'key';
  }
  resolve(origin: string): Promise<boolean> {
    return Promise.resolve(origin === PARTNER);
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP],
      paths: [
        { path: '/graphql', policy: { origin: async (origin: string) => origin === PARTNER } },
        { path: '/rewriting', policy: { origin: Rewriting } },
      ],
    }),
  ],
  controllers: [LegacyController],
  providers: [Rewriting],
})
class RewrittenModule {}

describePlatforms('a request with a rewritten URL', (platform) => {
  const server = serve(platform, RewrittenModule, spy, {
    configure: (app) => {
      if (platform.name === 'express') {
        const instance = app.getHttpAdapter().getInstance() as Handle;
        app.use('/again', (request: { url?: string }, response: object) => {
          request.url = '/graphql';
          instance(request as object, response); // Handle the same request a second time.
        });
        app.use('/graphql', (_request: object, response: { end(text: string): void }) => response.end('graphql'));
      }
    },
  });

  it('gets the policy of its original URL if an origin check rewrites it', async () => {
    for (const [origin, allowOrigin] of [
      [PARTNER, [PARTNER]],
      [APP, []],
      [ADMIN, []],
    ] as const) {
      const response = await server.request({ method: 'POST', path: '/rewriting', headers: { Origin: origin } });
      expect(headerValues(response, 'access-control-allow-origin')).toEqual(allowOrigin);
    }
  });

  if (platform.name === 'express') {
    it('gets the policy of the new URL if the application receives it a second time', async () => {
      for (const [origin, allowOrigin] of [
        [PARTNER, [PARTNER]],
        [APP, []],
      ] as const) {
        const response = await server.request({ method: 'POST', path: '/again', headers: { Origin: origin } });
        expect(response.text).toBe('graphql');
        expect(headerValues(response, 'access-control-allow-origin')).toEqual(allowOrigin);
      }
    });
  }
});
