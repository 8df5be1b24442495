import type { IncomingMessage, ServerResponse } from 'node:http';
import { it } from '@jest/globals';
import {
  All,
  Controller,
  Get,
  Inject,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestMiddleware,
  type NestModule,
  Param,
  Post,
  RequestMethod,
  Version,
  VersioningType,
} from '@nestjs/common';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms } from '../../support/platforms.js';
import { ADMIN, APP } from '../../support/policy-statement.js';
import { type Expected, type Parts, serveTwins } from './twins.js';

const spy = new HandlerSpy();
const asAdmin = { allows: ADMIN, refuses: APP };

type Next = () => void;

function noting(name: string) {
  return (_request: object, _response: object, next: Next) => {
    spy.ran(name);
    next();
  };
}

function answering(name: string) {
  return (_request: IncomingMessage, response: ServerResponse) => {
    spy.ran(name);
    response.end(name);
  };
}

@Injectable()
class Greeting {
  readonly text = 'hello';
}

@Injectable()
class ClassMiddleware implements NestMiddleware {
  readonly #greeting: Greeting;

  constructor(@Inject(Greeting) greeting: Greeting) {
    this.#greeting = greeting;
  }

  async use(_request: object, response: ServerResponse, next: Next) {
    await Promise.resolve();
    spy.ran('class');
    response.setHeader('X-Greeting', this.#greeting.text);
    next();
  }
}

const parts: Parts = (cors) => {
  @cors({ origin: [ADMIN] })
  @Controller('pages')
  class PagesController {
    @Get() list() {
      return spy.ran('list');
    }
    @Get('excluded') excluded() {
      return spy.ran('excluded');
    }
    @Get(':id') get(@Param('id') id: string) {
      return spy.ran(`page ${id}`);
    }
    @Post() create() {
      return spy.ran('create');
    }
  }

  @Controller()
  class OtherController {
    @Get('answered') answered() {
      return spy.ran('not reached');
    }
    @Get('ordered') ordered() {
      return spy.ran('ordered');
    }
    @Get('deep/a/b/c') deep() {
      return spy.ran('deep');
    }
    @Get('once') once() {
      return spy.ran('once');
    }
    @All('any') any() {
      return spy.ran('any');
    }
  }

  @Module({})
  class LaterModule implements NestModule {
    configure(consumer: MiddlewareConsumer) {
      consumer.apply(noting('imported')).forRoutes('ordered');
    }
  }

  @Module({ imports: [LaterModule], controllers: [PagesController, OtherController], providers: [Greeting] })
  class MiddlewareModule implements NestModule {
    configure(consumer: MiddlewareConsumer) {
      consumer.apply(ClassMiddleware).exclude('pages/excluded').forRoutes(PagesController);
      consumer.apply(noting('get')).forRoutes({ path: 'pages', method: RequestMethod.GET });
      consumer.apply(answering('answered')).forRoutes('answered');
      consumer.apply(noting('one'), noting('two')).forRoutes('ordered');
      consumer.apply(noting('wildcard')).forRoutes('deep/*path');
      const once = noting('middleware');
      consumer
        .apply(once)
        .forRoutes({ path: 'once', method: RequestMethod.GET }, { path: 'once', method: RequestMethod.POST });
      consumer.apply(answering('no route')).forRoutes('nowhere');
      consumer.apply(noting('any method')).forRoutes({ path: 'any', method: RequestMethod.ALL });
    }
  }
  return { imports: [MiddlewareModule] };
};

describePlatforms('middleware', (platform) => {
  const twins = serveTwins(platform, parts, spy, { configure: (app) => app.use(noting('global')) });
  const global = (expected: Expected): Expected => ({ ...expected, ran: ['global', ...expected.ran] });
  const greeted = { ...asAdmin, status: 200, headers: { 'x-greeting': 'hello' } };

  it('runs for the routes of a controller, and sets headers', async () => {
    await twins.expectSame({ path: '/pages' }, global({ ...greeted, ran: ['class', 'get', 'list'], body: 'list' }));
    await twins.expectSame({ path: '/pages/7' }, global({ ...greeted, ran: ['class', 'page 7'], body: 'page 7' }));
    await twins.expectSame(
      { method: 'POST', path: '/pages' },
      global({ ...greeted, status: 201, ran: ['class', 'create'], body: 'create' }),
    );
  });

  it('does not run for excluded routes', async () => {
    const expected = { ...asAdmin, status: 200, ran: ['excluded'], body: 'excluded' };
    await twins.expectSame({ path: '/pages/excluded' }, global(expected));
  });

  it('answers instead of a handler', async () => {
    await twins.expectSame({ path: '/answered' }, global({ status: 200, ran: ['answered'], body: 'answered' }));
  });

  it('answers where there is no handler', async () => {
    await twins.expectSame({ path: '/nowhere' }, global({ status: 200, ran: ['no route'], body: 'no route' }));
  });

  it('runs in the order of its modules and calls', async () => {
    const ran = ['one', 'two', 'imported', 'ordered'];
    await twins.expectSame({ path: '/ordered' }, global({ status: 200, ran, body: 'ordered' }));
  });

  it('runs for every path that a wildcard matches', async () => {
    await twins.expectSame({ path: '/deep/a/b/c' }, global({ status: 200, ran: ['wildcard', 'deep'], body: 'deep' }));
  });

  it('runs once for a request', async () => {
    await twins.expectSame({ path: '/once' }, global({ status: 200, ran: ['middleware', 'once'], body: 'once' }));
  });

  it.each(['GET', 'POST', 'PATCH'])('runs for any method: %s', async (method) => {
    await twins.expectSame({ method, path: '/any' }, global({ status: 200, ran: ['any method', 'any'], body: 'any' }));
  });
});

const versionedParts: Parts = (cors) => {
  @Controller('versioned')
  class VersionedController {
    @Version('1') @Get() first() {
      return spy.ran('first');
    }
    @cors({ origin: [ADMIN] })
    @Version('2')
    @Get()
    second() {
      return spy.ran('second');
    }
  }

  @Module({ controllers: [VersionedController] })
  class VersionedModule implements NestModule {
    configure(consumer: MiddlewareConsumer) {
      consumer.apply(noting('of version 2')).forRoutes({ path: 'versioned', version: '2', method: RequestMethod.GET });
    }
  }
  return { imports: [VersionedModule] };
};

describePlatforms('middleware of one version', (platform) => {
  const twins = serveTwins(platform, versionedParts, spy, {
    configure: (app) => app.enableVersioning({ type: VersioningType.URI }),
  });

  it('runs for the routes of that version only', async () => {
    await twins.expectSame({ path: '/v1/versioned' }, { status: 200, ran: ['first'], body: 'first' });
    const ran = ['of version 2', 'second'];
    await twins.expectSame({ path: '/v2/versioned' }, { ...asAdmin, status: 200, ran, body: 'second' });
  });
});
