import { expect, it } from '@jest/globals';
import { All, Controller, Module, Patch } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, serve } from '../../support/platforms.js';
import {
  ADMIN,
  APP,
  EVIL,
  expectPolicy,
  PREFLIGHT_VARY,
  preflight,
  REFUSED_PREFLIGHT,
} from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

const spy = new HandlerSpy();

@Controller('r')
class ResourceController {
  @Cors({ origin: [ADMIN], methods: ['*'] }) @Patch() change() {
    return spy.ran('change');
  }
  @All('every') every() {
    return spy.ran('every');
  }
}

@Module({ imports: [CorsModule.forRoot({ origin: [APP] })], controllers: [ResourceController] })
class OpenModule {}

@Module({
  imports: [CorsModule.forRoot({ diagnostics: { explainToClient: true }, origin: '*', methods: ['*'] })],
  controllers: [ResourceController],
})
class ExplainingModule {}

@Module({ imports: [CorsModule.forRoot()], controllers: [ResourceController] })
class UntouchedModule {}

describePlatforms('a preflight for a method that Node does not accept', (platform) => {
  const log = new RecordedLog();
  const application = { logger: log };
  const open = serve(platform, OpenModule, spy, { application });
  const explaining = serve(platform, ExplainingModule, spy, { application });
  const untouched = serve(platform, UntouchedModule, spy, { application });

  it.each(['patch', 'Patch', 'pATCH', 'propfind', 'FOO'])('is refused: %s', async (method) => {
    for (const path of ['/r', '/r/every', '/none']) {
      for (const origin of [ADMIN, APP, EVIL]) {
        expect(await open.outcome(preflight(origin, method, path))).toEqual(REFUSED_PREFLIGHT);
      }
    }
  });

  it('is logged with the advice to write the method in upper case', async () => {
    log.warnings.length = 0;
    await untouched.outcome(preflight(ADMIN, 'patch', '/none'));
    expect(log.warnings).toEqual([
      expect.stringMatching(/^method-unknown: preflight for "patch" "\/none" .*upper case in the page/),
    ]);
  });

  it('is explained to the client without granting the method', async () => {
    expect(await explaining.outcome(preflight(EVIL, 'patch', '/none'))).toEqual({
      status: 204,
      headers: {
        'access-control-allow-origin': '*',
        'access-control-max-age': '0',
        'cors-decision': 'method-unknown',
        vary: PREFLIGHT_VARY,
      },
      ran: [],
    });
  });

  it('in upper case is allowed, and so are rare methods that Node accepts', async () => {
    await expectPolicy(open, { method: 'PATCH', path: '/r', handler: 'change', allows: ADMIN, refuses: APP });
    for (const method of ['PROPFIND', 'M-SEARCH', 'DELETE']) {
      const { status, headers } = await open.outcome(preflight(APP, method, '/none'));
      expect([status, headers['access-control-allow-methods']]).toEqual([204, method]);
    }
  });

  it('has no actual request, because Node answers that before the application', async () => {
    expect(await open.outcome({ method: 'patch', path: '/r', headers: { Origin: ADMIN } })).toMatchObject({
      status: 400,
      ran: [],
    });
  });
});
