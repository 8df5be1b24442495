import { it } from '@jest/globals';
import { applyDecorators, Controller, Delete, Module, Patch, Put } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, expectPolicy, expectRefusedPreflight, PARTNER } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller('plain')
class PlainController {
  @Put() replace() {
    return spy.ran('plain');
  }
  @Cors({ origin: [ADMIN] })
  @Put('origin')
  origin() {
    return spy.ran('origin');
  }
  @Cors({ origin: undefined, maxAge: 5 })
  @Put('unset')
  unset() {
    return spy.ran('unset');
  }
  @Cors()
  @Put('nothing')
  nothing() {
    return spy.ran('nothing');
  }
  @Cors({ credentials: false, exposedHeaders: [], maxAge: 0, allowedHeaders: ['x-b'], optionsSuccessStatus: 200 })
  @Put('falsy')
  falsy() {
    return spy.ran('falsy');
  }
}

@Cors({ origin: [ADMIN], exposedHeaders: ['X-Class', 'x-class', 'X-Second'] })
@Controller('class')
class ClassController {
  @Put() inherits() {
    return spy.ran('inherits');
  }
  @Cors({ origin: [PARTNER] })
  @Put('handler')
  handler() {
    return spy.ran('handler');
  }
  @Cors({ maxAge: 1 })
  @Patch('handler')
  sibling() {
    return spy.ran('sibling');
  }
}

@Cors('partners')
@Controller('named')
class NamedController {
  @Put() named() {
    return spy.ran('named');
  }
  @Cors({ maxAge: 5 })
  @Put('refined')
  refined() {
    return spy.ran('refined');
  }
}

@Cors({ origin: [ADMIN], exposedHeaders: ['x-class'], maxAge: 7 })
@Controller('restarted')
class RestartedController {
  @Cors('partners')
  @Put('named')
  named() {
    return spy.ran('restarted');
  }
  @Cors('partners', { maxAge: 0, exposedHeaders: ['x-own'] })
  @Put('refined')
  refined() {
    return spy.ran('restarted refined');
  }
}

const Partners = () => applyDecorators(Cors('partners'), Put('composed'));

@Controller('composition')
class ComposedController {
  @Partners() replace() {
    return spy.ran('composed');
  }
  @Delete('plain') remove() {
    return spy.ran('beside composed');
  }
}

@Module({
  imports: [
    CorsModule.forRoot({
      origin: [APP],
      allowedHeaders: ['X-A', 'content-type'],
      exposedHeaders: ['x-total'],
      credentials: true,
      maxAge: 600,
      policies: { partners: { origin: [PARTNER], allowedHeaders: ['x-key'], maxAge: 60 } },
    }),
  ],
  controllers: [PlainController, ClassController, NamedController, RestartedController, ComposedController],
})
class CascadeModule {}

describePlatforms('the policy cascade', (platform) => {
  const server = serve(platform, CascadeModule, spy);
  const appWide = { method: 'PUT', refuses: EVIL, credentials: true, exposes: 'x-total', maxAge: '600' };
  const partners = { method: 'PUT', allows: PARTNER, refuses: APP, maxAge: '60', asks: 'x-key' };

  it('applies the application-wide policy to an undecorated handler', async () => {
    await expectPolicy(server, { ...appWide, path: '/plain', handler: 'plain', allows: APP, asks: 'content-type,x-a' });
  });

  it('replaces one option of a handler and inherits the others', async () => {
    await expectPolicy(server, { ...appWide, path: '/plain/origin', handler: 'origin', allows: ADMIN, refuses: APP });
  });

  it('ignores undefined options of a decorator', async () => {
    await expectPolicy(server, { ...appWide, path: '/plain/unset', handler: 'unset', allows: APP, maxAge: '5' });
  });

  it('applies the application-wide policy with @Cors()', async () => {
    await expectPolicy(server, { ...appWide, path: '/plain/nothing', handler: 'nothing', allows: APP });
  });

  it('respects false, zero and empty lists in a decorator', async () => {
    await expectPolicy(server, {
      method: 'PUT',
      path: '/plain/falsy',
      handler: 'falsy',
      allows: APP,
      refuses: ADMIN,
      maxAge: '0',
      asks: 'x-b',
      preflightStatus: 200,
    });
  });

  it('replaces lists instead of merging them', async () => {
    const path = '/plain/falsy';
    for (const inherited of ['x-a', 'content-type', 'x-a,x-b']) {
      await expectRefusedPreflight(server, APP, 'PUT', path, inherited);
    }
  });

  it('inherits class options before module options', async () => {
    const exposes = 'x-class,x-second';
    await expectPolicy(server, {
      ...appWide,
      path: '/class',
      handler: 'inherits',
      allows: ADMIN,
      refuses: APP,
      exposes,
    });
  });

  it('prefers the options of a handler to those of its class', async () => {
    const own = { path: '/class/handler', exposes: 'x-class,x-second', maxAge: '0' };
    await expectPolicy(server, { ...appWide, ...own, handler: 'handler', allows: PARTNER, refuses: ADMIN });
  });

  it('applies the policy of its own handler to each method of a path', async () => {
    const own = { method: 'PATCH', path: '/class/handler', exposes: 'x-class,x-second', maxAge: '0' };
    await expectPolicy(server, { ...appWide, ...own, handler: 'sibling', allows: ADMIN, refuses: PARTNER });
  });

  it('applies a named policy without application-wide options', async () => {
    await expectPolicy(server, { ...partners, path: '/named', handler: 'named' });
  });

  it('overrides the named policy of a class on a handler', async () => {
    await expectPolicy(server, { ...partners, path: '/named/refined', handler: 'refined', maxAge: '5' });
  });

  it('ignores class and module options below a policy name', async () => {
    await expectPolicy(server, { ...partners, path: '/restarted/named', handler: 'restarted', refuses: ADMIN });
  });

  it('overrides options of a named policy in the same decorator', async () => {
    const own = { path: '/restarted/refined', handler: 'restarted refined', maxAge: '0', exposes: 'x-own' };
    await expectPolicy(server, { ...partners, ...own });
  });

  it('supports applyDecorators on a single handler', async () => {
    await expectPolicy(server, { ...partners, path: '/composition/composed', handler: 'composed' });
    const beside = { method: 'DELETE', path: '/composition/plain', handler: 'beside composed', allows: APP };
    await expectPolicy(server, { ...appWide, ...beside, refuses: PARTNER });
  });
});
