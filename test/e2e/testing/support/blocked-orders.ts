import { expect } from '@jest/globals';
import {
  Controller,
  Delete,
  Get,
  Header,
  type INestApplication,
  Module,
  Patch,
  Post,
  Put,
  Redirect,
  Version,
  VersioningType,
} from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { CorsBlockedError, type Page } from 'nestjs-cors/testing';
import { HandlerSpy } from '../../../support/handler-spy.js';
import { ADMIN, APP } from '../../../support/policy-statement.js';

export const spy = new HandlerSpy();

@Controller('orders')
class OrdersController {
  @Get() list() {
    return spy.ran('list');
  }
  @Put(':id') replace() {
    return spy.ran('replace');
  }
  @Cors({ enforce: 'all' }) @Post() create() {
    return spy.ran('create');
  }
  @Cors({ enforce: 'all' }) @Delete(':id') remove() {
    return spy.ran('remove');
  }
  @DisableCors() @Get('private') private() {
    return spy.ran('private');
  }
  @Cors('untouched') @Get('untouched') untouched() {
    return spy.ran('untouched');
  }
  @Cors({ origin: '*' }) @Header('Cross-Origin-Resource-Policy', 'same-origin') @Get('public') public() {
    return spy.ran('public');
  }
  @DisableCors() @Redirect('/orders', 302) @Get('moved-private') movedPrivate() {
    spy.ran('moved-private');
  }
  @Redirect('/orders/private', 302) @Get('moved') moved() {
    spy.ran('moved');
  }
  @Redirect('data:text/plain,x', 302) @Get('data') data() {
    spy.ran('data');
  }
  @Cors({ origin: [ADMIN] }) @Version('2') @Patch('versioned') second() {
    return spy.ran('second');
  }
  @Version('1') @Patch('versioned') first() {
    return spy.ran('first');
  }
}

/** Routes that refuse pages in every way. */
@Module({
  imports: [CorsModule.forRoot({ origin: [APP], paths: [{ path: '/docs', policy: { origin: [ADMIN] } }] })],
  controllers: [OrdersController],
})
export class OrdersModule {}

/** For `configure`: the versions of the routes. */
export function enableVersions(app: INestApplication): void {
  app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' });
}

/** The error of a request that must fail. */
export async function blocked(page: Page, path: string, init?: RequestInit): Promise<CorsBlockedError> {
  const thrown: unknown = await page.fetch(path, init).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(CorsBlockedError);
  return thrown as CorsBlockedError;
}
