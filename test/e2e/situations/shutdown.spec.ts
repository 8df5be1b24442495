import { it } from '@jest/globals';
import { type BeforeApplicationShutdown, Controller, Get, Injectable } from '@nestjs/common';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { type Parts, serveTwins, type Twins } from './twins.js';

const spy = new HandlerSpy();
const asAdmin = { allows: ADMIN, refuses: APP };

/** Holds the shutdown of an application until a test ends it. */
@Injectable()
class Shutdown implements BeforeApplicationShutdown {
  #end: () => void = () => undefined;
  #begun: () => void = () => undefined;
  readonly #isEnded = new Promise<void>((resolve) => {
    this.#end = resolve;
  });
  readonly isBegun = new Promise<void>((resolve) => {
    this.#begun = resolve;
  });

  beforeApplicationShutdown(): Promise<void> {
    this.#begun();
    return this.#isEnded;
  }

  end(): void {
    this.#end();
  }
}

const parts: Parts = (cors) => {
  @cors({ origin: [ADMIN] })
  @Controller('things')
  class ThingsController {
    @Get() list() {
      return spy.ran('list');
    }
  }
  return { controllers: [ThingsController], providers: [Shutdown] };
};

describePlatforms('an application that shuts down', (platform) => {
  const shuttingDown = async (twins: Twins, test: () => Promise<void>): Promise<void> => {
    const apps = [twins.served, twins.control].map(({ running }) => running.app);
    const closing = apps.map((app) => app.close());
    const shutdowns = apps.map((app) => app.get(Shutdown));
    await Promise.all(shutdowns.map(({ isBegun }) => isBegun));
    try {
      await test();
    } finally {
      for (const shutdown of shutdowns) {
        shutdown.end();
      }
      await Promise.all(closing);
    }
  };

  const serving = serveTwins(platform, parts, spy);
  it('still serves requests', () =>
    shuttingDown(serving, async () => {
      await serving.expectSame({ path: '/things' }, { ...asAdmin, status: 200, ran: ['list'], body: 'list' });
    }));

  const refusing = serveTwins(platform, parts, spy, { application: { return503OnClosing: true } });
  it('answers with 503 if it is told to, and the page can read it', () =>
    shuttingDown(refusing, async () => {
      await refusing.expectSame({ path: '/things' }, { ...asAdmin, status: 503, ran: [], body: /Service Unavailable/ });
      await refusing.expectSame({ path: '/absent' }, { status: 503, ran: [], body: /Service Unavailable/ });
    }));
});
