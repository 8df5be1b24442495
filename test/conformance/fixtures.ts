import {
  All,
  Body,
  type CanActivate,
  Controller,
  Delete,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  type INestApplication,
  Module,
  Options,
  Patch,
  Post,
  Put,
  Redirect,
  type Type,
  UseGuards,
  VersioningType,
} from '@nestjs/common';
import { Cors, CorsModule, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import type { HandlerSpy } from '../support/handler-spy.js';
import type { RootModule } from '../support/platforms.js';
import type { Vector, VectorRequest } from './vector.js';
import { moduleOptions, mutate, policyOptions } from './vector-values.js';

export interface Fixture {
  readonly module: RootModule;
  readonly configure: (app: INestApplication) => void;
  /** The action of a vector after the application listens. */
  readonly afterStart: () => void;
}

/** A controller whose handlers have names like `METHOD /path`, so that a vector can set the policy of one. */
interface Controllers {
  readonly main: Type<object>;
  readonly handlers: Readonly<Record<string, string>>;
  readonly others: readonly Type<object>[];
}

class DenyingGuard implements CanActivate {
  canActivate(_context: ExecutionContext): boolean {
    return false;
  }
}

function defaultControllers(spy: HandlerSpy): Controllers {
  @Controller()
  class C {
    @Get('r') list() {
      return spy.ran('GET /r');
    }
    @Post('r') create(@Body() _body: unknown) {
      return spy.ran('POST /r');
    }
    @Put('r') replace() {
      return spy.ran('PUT /r');
    }
    @Patch('r') change() {
      return spy.ran('PATCH /r');
    }
    @Delete('r') remove() {
      return spy.ran('DELETE /r');
    }
    @Get('p/:id') one() {
      return spy.ran('GET /p/:id');
    }
    @Get('err') fail() {
      spy.ran('GET /err');
      throw new Error('expected by the test');
    }
    @Get('guarded') @UseGuards(DenyingGuard) guarded() {
      return spy.ran('GET /guarded');
    }
    @Get('vary') @Header('Vary', 'Accept-Encoding') vary() {
      return spy.ran('GET /vary');
    }
    @Get('setacao') @Header('Access-Control-Allow-Origin', 'https://set.example') setsItself() {
      return spy.ran('GET /setacao');
    }
    @Get('redir') @Redirect('/r', 302) redirect() {
      spy.ran('GET /redir');
    }
    @Options('opt') @HttpCode(200) options() {
      return spy.ran('opt');
    }
    @All('any') any() {
      return spy.ran('ALL /any');
    }
  }
  @Controller('d')
  class D {
    @Get('r') list() {
      return spy.ran('GET /d/r');
    }
    @Put('r') replace() {
      return spy.ran('PUT /d/r');
    }
  }
  const handlers = {
    'GET /r': 'list',
    'POST /r': 'create',
    'PUT /r': 'replace',
    'PATCH /r': 'change',
    'DELETE /r': 'remove',
    'GET /p/:id': 'one',
    'GET /err': 'fail',
    'GET /guarded': 'guarded',
    'GET /vary': 'vary',
    'GET /setacao': 'setsItself',
    'GET /redir': 'redirect',
    'OPTIONS /opt': 'options',
    'ALL /any': 'any',
  };
  return { main: C, handlers, others: [D] };
}

function uriVersionedControllers(spy: HandlerSpy): Controllers {
  @Controller({ path: 'r', version: '1' })
  class First {
    @Delete() remove() {
      return spy.ran('DELETE /v1/r');
    }
  }
  @Controller({ path: 'r', version: '2' })
  class Second {
    @Delete() remove() {
      return spy.ran('DELETE /v2/r');
    }
  }
  return { main: Second, handlers: { 'DELETE /v2/r': 'remove' }, others: [First] };
}

function headerVersionedControllers(spy: HandlerSpy): Controllers {
  @Controller({ path: 'ver', version: '1' })
  @Cors({ origin: ['https://app.example.com'], allowedHeaders: ['x-version'] })
  class First {
    @Get() show() {
      return spy.ran('GET /ver 1');
    }
  }
  @Controller({ path: 'ver', version: '2' })
  @Cors({ origin: ['https://admin.example.com'], allowedHeaders: ['x-version'] })
  class Second {
    @Get() show() {
      return spy.ran('GET /ver 2');
    }
  }
  return { main: First, handlers: { 'GET /ver': 'show' }, others: [Second] };
}

function hostBoundControllers(spy: HandlerSpy): Controllers {
  @Controller({ host: 'admin.local' })
  @Cors({ origin: ['https://admin.example.com'] })
  class Admin {
    @Put('r') replace() {
      return spy.ran('PUT admin.local/r');
    }
  }
  @Controller({ host: 'public.local' })
  @Cors({ origin: ['https://app.example.com'] })
  class Public {
    @Put('r') replace() {
      return spy.ran('PUT public.local/r');
    }
  }
  return { main: Admin, handlers: { 'PUT /r': 'replace' }, others: [Public] };
}

function inheritingControllers(spy: HandlerSpy): Controllers {
  abstract class Base {
    @Put('r') replace() {
      return spy.ran('PUT /sub/r');
    }
  }
  @Controller('sub')
  class Sub extends Base {}
  return { main: Sub, handlers: { 'PUT /sub/r': 'replace' }, others: [] };
}

const BUILDERS: Readonly<Record<string, (spy: HandlerSpy) => Controllers>> = Object.freeze({
  default: defaultControllers,
  'global-prefix': defaultControllers,
  'uri-versioning': uriVersionedControllers,
  'header-versioning': headerVersionedControllers,
  'host-bound': hostBoundControllers,
  inheritance: inheritingControllers,
});

/** The handler of a request. A preflight belongs to the handler of its requested method. */
function targetOf(request: VectorRequest | undefined): string {
  const asked = request?.headers['Access-Control-Request-Method'];
  const method = request?.method === 'OPTIONS' && typeof asked === 'string' && asked ? asked : request?.method;
  return `${method === 'HEAD' ? 'GET' : method} ${request?.path}`;
}

function policyDecorators(written: unknown): (ClassDecorator & MethodDecorator)[] {
  if (written === undefined) {
    return [];
  }
  if (written === false) {
    return [DisableCors()];
  }
  if (typeof written === 'object' && written !== null && '$both' in written) {
    return [Cors(), DisableCors()];
  }
  return [Cors(policyOptions(written))];
}

function applyLevels(vector: Vector, { main, handlers }: Controllers): void {
  for (const decorate of policyDecorators(vector.config.class)) {
    decorate(main);
  }
  const onHandler = policyDecorators(vector.config.handler);
  if (onHandler.length === 0) {
    return;
  }
  const name = handlers[vector.config.handlerOn ?? targetOf(vector.request)];
  const descriptor = name === undefined ? undefined : Object.getOwnPropertyDescriptor(main.prototype, name);
  if (name === undefined || !descriptor) {
    throw new Error(`vector ${vector.id} puts a policy on a handler its fixture does not have`);
  }
  for (const decorate of onHandler) {
    decorate(main.prototype, name, descriptor);
  }
}

function configureApp(fixture: string, app: INestApplication): void {
  if (fixture === 'global-prefix') {
    app.setGlobalPrefix('api');
  } else if (fixture === 'uri-versioning') {
    app.enableVersioning({ type: VersioningType.URI });
  } else if (fixture === 'header-versioning') {
    app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' });
  }
}

/** Builds a vector's application. Each has new classes, because decorators change their class. */
export function buildFixture(vector: Vector, spy: HandlerSpy): Fixture {
  const name = vector.fixture ?? 'default';
  const build = BUILDERS[name];
  if (!build) {
    throw new Error(`vector ${vector.id} asks for the unknown fixture ${name}`);
  }
  const controllers = build(spy);
  applyLevels(vector, controllers);
  const written = vector.config.global as Record<string, unknown> | null | undefined;
  const given: CorsModuleOptions | undefined = written ? moduleOptions(written) : undefined;
  const imports = written?.$notInstalled ? [] : [given ? CorsModule.forRoot(given) : CorsModule.forRoot()];
  @Module({ imports, controllers: [controllers.main, ...controllers.others] })
  class VectorModule {}
  return {
    module: VectorModule,
    configure: (app) => configureApp(name, app),
    afterStart: () => {
      if (written?.$mutateAfterStart && given) {
        mutate(given as Record<string, unknown>);
      }
    },
  };
}
