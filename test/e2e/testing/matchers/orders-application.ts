import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  InternalServerErrorException,
  Module,
  Post,
  Redirect,
} from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { APP } from '../../../support/policy-statement.js';

/** The public address of the application. */
export const API = 'https://api.example.com';

@Controller('orders')
class OrdersController {
  @Get() @Header('X-Total-Count', '3') @Header('X-Page', '1') @Cors({ exposedHeaders: ['X-Page'] }) list() {
    return 'list';
  }
  @Get('all') @Header('X-Total-Count', '3') all() {
    return 'all';
  }
  @Get('session') @Header('Set-Cookie', 'session=1') session() {
    return 'session';
  }
  @Get('broken') broken() {
    throw new InternalServerErrorException();
  }
  @Get('moved') @Redirect('/orders') moved() {}
  @Delete(':id') remove() {
    return 'remove';
  }
  @Post() @HttpCode(200) @Cors({ enforce: 'all' }) create() {
    return 'create';
  }
  @Get('partner')
  @Cors({
    origin: () => {
      throw new Error('no tenant');
    },
  })
  partner() {
    return 'partner';
  }
}

@Controller('internal')
@DisableCors()
class InternalController {
  @Get() @Header('X-Total-Count', '3') read() {
    return 'read';
  }
}

@Controller('own')
@Cors('untouched')
class OwnController {
  @Get('moved') @Header('Access-Control-Allow-Origin', '*') @Redirect('/own/open') moved() {}
  @Get() read() {
    return 'own';
  }
  @Get('open') @Header('Access-Control-Allow-Origin', '*') @Header('X-Total-Count', '3') open() {
    return 'open';
  }
}

@Controller('large')
class LargeController {
  @Get() read() {
    return 'x'.repeat(5_000_000);
  }
}

@Module({
  imports: [CorsModule.forRoot({ origin: [APP] })],
  controllers: [OrdersController, InternalController, OwnController, LargeController],
})
export class Root {}

export const NEITHER = 'This says nothing about CORS, so it fails with `.not` too.';

/** The message of the failure of an expectation. */
export async function failure(expectation: Promise<void>): Promise<string> {
  const error: unknown = await expectation.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (!(error instanceof Error)) {
    throw new Error('The expectation is met.');
  }
  return error.message;
}
