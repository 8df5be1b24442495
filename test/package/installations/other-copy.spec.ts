import { expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Cors, CorsForbiddenException, CorsModule } from 'nestjs-cors';
import { describePlatforms, startApp } from '../../support/platforms.js';

const MARK: unique symbol = Symbol.for('nestjs-cors.forbidden');

/** The exception of a second copy of the package with a second copy of Nest: no class of the first copies. */
class RefusalOfAnotherCopy extends Error {
  readonly [MARK] = true;
  getStatus = () => 403;
  override readonly message = 'from another copy';
}

@Controller()
class RefusingController {
  @Get('refused')
  refuse(): never {
    throw new RefusalOfAnotherCopy();
  }
  @Get('failed')
  fail(): never {
    throw new Error('of some other kind');
  }
  /** A copy only throws if some handler enforces. */
  @Cors({ origin: 'https://app.example.com', enforce: 'all' })
  @Get('enforced')
  enforced(): void {}
}

@Module({ imports: [CorsModule.forRoot()], controllers: [RefusingController] })
class AppModule {}

describePlatforms('a CorsForbiddenException from another copy of the package', (platform) => {
  it('is handled by the filter like one from the same copy', async () => {
    expect(new RefusalOfAnotherCopy()).toBeInstanceOf(CorsForbiddenException);
    const app = await startApp(platform, AppModule);
    try {
      const refused = await app.request({ path: '/refused' });
      expect(refused.status).toBe(403);
      expect(JSON.parse(refused.body.toString())).toEqual({
        statusCode: 403,
        message: 'from another copy',
        error: 'Forbidden',
        code: 'cors-forbidden',
      });
      // Other errors are unchanged.
      expect((await app.request({ path: '/failed' })).status).toBe(500);
    } finally {
      await app.close();
    }
  });
});
