import {
  All,
  Controller,
  Delete,
  Get,
  Head,
  Inject,
  Module,
  Options,
  Patch,
  Post,
  Put,
  Scope,
  Sse,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Cors, CorsModule } from 'nestjs-cors';
import { of } from 'rxjs';
import { HandlerSpy } from '../../support/handler-spy.js';
import type { Platform, RootModule } from '../../support/platforms.js';
import { ADMIN, APP, PARTNER } from '../../support/policy-statement.js';

export const spy = new HandlerSpy();

@Cors({ origin: [ADMIN] })
@Controller(['many', 'more'])
class PathsController {
  @Put(['one', 'two'])
  replace() {
    return spy.ran('paths');
  }
}

@Controller('kinds')
class KindsController {
  @Cors({ origin: [ADMIN] })
  @All('all')
  all() {
    return spy.ran('all');
  }
  @Cors({ origin: [ADMIN] })
  @Get('get')
  get() {
    return spy.ran('get');
  }
  @Cors({ origin: [ADMIN] })
  @Head('head')
  head() {
    spy.ran('head');
  }
  @Cors({ origin: [ADMIN] })
  @Sse('sse')
  events() {
    spy.ran('events');
    return of({ data: 'x' });
  }
  @Cors({ origin: [ADMIN] })
  @Options('options')
  options() {
    return spy.ran('options');
  }
}

@Cors({ origin: [PARTNER] })
@Controller({ path: 'scoped', scope: Scope.REQUEST })
class ScopedController {
  readonly request: unknown;

  constructor(@Inject(REQUEST) request: unknown) {
    this.request = request;
  }
  @Put() replace() {
    return spy.ran(this.request ? 'scoped' : 'scoped without request');
  }
}

@Controller('parameters')
class ParametersController {
  @Cors({ origin: [ADMIN] })
  @Put(':id')
  one() {
    return spy.ran('parameter');
  }
  @Cors({ origin: [PARTNER] })
  @Put(':id/parts/:part')
  part() {
    return spy.ran('part');
  }
  @Put() collection() {
    return spy.ran('collection');
  }
}

/** One path with several methods, each with its own policy. */
@Controller('methods')
class MethodsController {
  @Cors({ origin: [APP] }) @Get() list() {
    return spy.ran('GET');
  }
  @Cors({ origin: [ADMIN] }) @Post() create() {
    return spy.ran('POST');
  }
  @Cors({ origin: [PARTNER] }) @Delete() remove() {
    return spy.ran('DELETE');
  }
  @Cors({ origin: ['https://patch.example'] }) @Patch() change() {
    return spy.ran('PATCH');
  }
}

/** Express selects the handler that was registered first, Fastify the more specific one. */
@Controller('order')
class OrderController {
  @Cors({ origin: [ADMIN] })
  @Put(':id')
  one() {
    return spy.ran('by parameter');
  }
  @Cors({ origin: [PARTNER] })
  @Put('special')
  special() {
    return spy.ran('special');
  }
}

export function routingModule(platform: Platform): RootModule {
  @Cors({ origin: [PARTNER] })
  @Controller('files')
  class FilesController {
    @Put(platform.name === 'express' ? '*rest' : '*')
    replace() {
      return spy.ran('file');
    }
  }
  @Cors({ origin: [PARTNER] })
  @Controller('optional')
  class OptionalController {
    @Put(platform.name === 'express' ? '{/:id}' : ':id?')
    replace() {
      return spy.ran('optional');
    }
  }
  @Module({
    imports: [CorsModule.forRoot({ origin: [APP] })],
    controllers: [
      PathsController,
      KindsController,
      ScopedController,
      ParametersController,
      MethodsController,
      OrderController,
      FilesController,
      OptionalController,
    ],
  })
  class RoutingModule {}
  return RoutingModule;
}
