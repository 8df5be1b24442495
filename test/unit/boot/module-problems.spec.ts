import { describe, expect, it } from '@jest/globals';
import {
  applyDecorators,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Inject,
  Injectable,
  Module,
  Put,
  Scope,
  UseFilters,
} from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Cors, CorsModule, type CorsModuleOptions, DisableCors, type OriginResolver } from 'nestjs-cors';
import { describePlatforms, type RootModule } from '../../support/platforms.js';
import { boot, codesOf } from './boot.js';

const APP = 'https://app.example.com';

@Injectable()
class ProvidedOrigins implements OriginResolver {
  resolve(origin: string): boolean {
    return origin === APP;
  }
}

class ForgottenOrigins implements OriginResolver {
  resolve(origin: string): boolean {
    return origin === APP;
  }
}

@Injectable({ scope: Scope.REQUEST })
class ScopedOrigins implements OriginResolver {
  resolve(origin: string): boolean {
    return origin === APP;
  }
}

@Injectable()
class BubblingOrigins implements OriginResolver {
  readonly scoped: ScopedOrigins;

  constructor(@Inject(ScopedOrigins) scoped: ScopedOrigins) {
    this.scoped = scoped;
  }
  resolve(origin: string): boolean {
    return origin === APP;
  }
}

interface Setup {
  readonly options?: unknown;
  readonly controllers?: RootModule[];
  readonly providers?: unknown[];
  readonly imports?: unknown[];
}

function application({ options = { origin: APP }, controllers = [], providers = [], imports }: Setup): RootModule {
  @Module({
    imports: (imports ?? [CorsModule.forRoot(options as CorsModuleOptions)]) as never,
    controllers,
    providers: providers as never,
  })
  class Root {}
  return Root;
}

/** A controller whose class and handler carry decorators. */
function controller(onClass: ClassDecorator[], onHandler: MethodDecorator[] = []): RootModule {
  @Controller('users')
  class UsersController {
    @Get() list(): void {}
    @Put() replace(): void {}
  }
  const descriptor = Object.getOwnPropertyDescriptor(UsersController.prototype, 'replace');
  for (const decorate of onHandler) {
    decorate(UsersController.prototype, 'replace', descriptor as PropertyDescriptor);
  }
  for (const decorate of onClass) {
    decorate(UsersController);
  }
  return UsersController;
}

@Catch(RangeError)
class OtherFilter implements ExceptionFilter {
  catch(): void {}
}

class BaseController {
  @Cors({ maxAge: 5 }) @Get('first') first(): void {}
  @Cors({ maxAge: 5 }) @Get('second') second(): void {}
}

/** Has lost the first of the handlers that it inherits, and brings filters of its own. */
@Controller('inheriting')
@UseFilters(OtherFilter)
class InheritingController extends BaseController {
  @Get('first') override first(): void {}
}

@Injectable()
@Cors({ maxAge: 5 })
class PlainProvider {}

@Injectable()
class ProviderWithMethod {
  @Cors({ maxAge: 5 }) method(): void {}
}

@Controller('mixed')
class MixedController {
  @Cors({ maxAge: 5 }) helper(): void {}
  @Cors({ maxAge: 5 }) @MessagePattern('users') message(): void {}
  @Get() list(): void {}
}

const both = applyDecorators(Cors({ origin: APP }) as MethodDecorator, DisableCors() as MethodDecorator);

/** What is wrong, what it is reported as, and what the remedy makes of it. */
const MISTAKES: Readonly<Record<string, { wrong: Setup; codes: string[]; fixed: Setup }>> = {
  'two forRoot calls': {
    wrong: { imports: [CorsModule.forRoot({ origin: APP }), CorsModule.forRoot({ origin: APP })] },
    codes: ['module-duplicate in CorsModule'],
    fixed: { imports: [CorsModule.forRoot({ origin: APP })] },
  },
  'the module class without options': {
    wrong: { imports: [CorsModule] },
    codes: ['not-installed in CorsModule'],
    fixed: { imports: [CorsModule.forRoot()] },
  },
  'a decorator without the module': {
    wrong: { imports: [], controllers: [controller([Cors({ origin: APP })], [DisableCors()])] },
    codes: ['not-installed in UsersController, UsersController.replace'],
    fixed: { controllers: [controller([Cors({ origin: APP })], [DisableCors()])] },
  },
  'an inherited decorator without the module': {
    wrong: { imports: [], controllers: [InheritingController] },
    codes: ['not-installed in InheritingController.second'],
    fixed: { controllers: [InheritingController] },
  },
  'two decorators of different kind on a handler': {
    wrong: { controllers: [controller([], [both])] },
    codes: ['decorator-conflict in UsersController.replace'],
    fixed: { controllers: [controller([], [DisableCors()])] },
  },
  'two @Cors on a class': {
    wrong: { controllers: [controller([Cors({ maxAge: 1 }), Cors({ credentials: true })])] },
    codes: ['decorator-conflict in UsersController'],
    fixed: { controllers: [controller([Cors({ maxAge: 1, credentials: true })])] },
  },
  'decorators without a route': {
    wrong: { providers: [PlainProvider, ProviderWithMethod], controllers: [MixedController] },
    codes: [
      'decorator-misplaced in MixedController.helper, MixedController.message',
      'decorator-misplaced in PlainProvider',
      'decorator-misplaced in ProviderWithMethod.method',
    ],
    fixed: { controllers: [controller([Cors({ maxAge: 5 })])] },
  },
  'an unknown policy': {
    wrong: {
      options: { policies: { partners: { origin: APP } } },
      controllers: [controller([], [Cors('partner')])],
    },
    codes: ['policy-unknown in UsersController.replace'],
    fixed: {
      options: { policies: { partners: { origin: APP } } },
      controllers: [controller([], [Cors('partners')])],
    },
  },
  'an unknown policy of a path': {
    wrong: { options: { origin: APP, paths: [{ path: '/graphql', policy: 'toString' }] } },
    codes: ['policy-unknown in paths "/graphql"'],
    fixed: {
      options: { origin: APP, policies: { apollo: { origin: APP } }, paths: [{ path: '/graphql', policy: 'apollo' }] },
    },
  },
  'a policy with the reserved name': {
    wrong: {
      options: { policies: { untouched: { origin: APP } } },
      controllers: [controller([Cors('untouched')])],
    },
    codes: ['policy-reserved in policy "untouched"'],
    fixed: {
      options: { policies: { partners: { origin: APP } } },
      controllers: [controller([Cors('partners')])],
    },
  },
  'overrides of the reserved policy': {
    wrong: {
      controllers: [
        controller([(Cors as (...values: unknown[]) => ClassDecorator)('untouched', { maxAge: 5 })], [Cors()]),
      ],
    },
    codes: ['policy-reserved in UsersController'],
    fixed: { controllers: [controller([Cors('untouched')], [Cors({ maxAge: 5 })])] },
  },
  'a name that is almost the reserved one': {
    wrong: { controllers: [controller([], [Cors('Untouched')])] },
    codes: ['policy-unknown in UsersController.replace'],
    fixed: { controllers: [controller([], [Cors('untouched')])] },
  },
  'options below an untouched class without an origin': {
    wrong: { options: {}, controllers: [controller([Cors('untouched')], [Cors({ maxAge: 5 })])] },
    codes: ['origin-missing in UsersController.replace'],
    fixed: { options: {}, controllers: [controller([Cors('untouched')], [Cors({ maxAge: 5, origin: APP })])] },
  },
  'a resolver that is not provided': {
    wrong: { options: { origin: ForgottenOrigins } },
    codes: ['resolver-unknown in CorsModule'],
    fixed: { options: { origin: ForgottenOrigins }, providers: [ForgottenOrigins] },
  },
  'a request-scoped resolver': {
    wrong: { controllers: [controller([Cors({ origin: ScopedOrigins })])], providers: [ScopedOrigins] },
    codes: ['resolver-scoped in UsersController.list, UsersController.replace'],
    fixed: { controllers: [controller([Cors({ origin: ProvidedOrigins })])], providers: [ProvidedOrigins] },
  },
  'a resolver that depends on the request': {
    wrong: { options: { origin: BubblingOrigins }, providers: [ScopedOrigins, BubblingOrigins] },
    codes: ['resolver-scoped in CorsModule'],
    fixed: { options: { origin: ProvidedOrigins }, providers: [ProvidedOrigins] },
  },
  'a decorator without an origin': {
    wrong: { options: {}, controllers: [controller([Cors({ maxAge: 5 })])] },
    codes: ['origin-missing in UsersController.list, UsersController.replace'],
    fixed: { options: {}, controllers: [controller([Cors({ maxAge: 5, origin: APP })])] },
  },
  'a named policy without an origin': {
    wrong: { options: { policies: { partners: {} } }, controllers: [controller([], [Cors('partners')])] },
    codes: ['origin-missing in UsersController.replace'],
    fixed: {
      options: { policies: { partners: {} } },
      controllers: [controller([], [Cors('partners', { origin: APP })])],
    },
  },
  'options that are no object': {
    wrong: { options: 'https://app.example.com' },
    codes: ['option-type in CorsModule'],
    fixed: { options: { origin: 'https://app.example.com' } },
  },
  'policies that are a list': {
    wrong: { options: { origin: APP, policies: [{ origin: APP }] } },
    codes: ['option-type in CorsModule'],
    fixed: { options: { origin: APP, policies: { partners: { origin: APP } } } },
  },
  'paths that are an object': {
    wrong: { options: { origin: APP, paths: { '/graphql': false } } },
    codes: ['option-type in CorsModule'],
    fixed: { options: { origin: APP, paths: [{ path: '/graphql', policy: false }] } },
  },
  'a path entry that is a string': {
    wrong: { options: { origin: APP, paths: ['/graphql'] } },
    codes: ['option-type in CorsModule'],
    fixed: { options: { origin: APP, paths: [{ path: '/graphql', policy: {} }] } },
  },
  'a path with policy options beside it': {
    wrong: { options: { origin: APP, paths: [{ path: '/graphql', policy: {}, maxAge: 5 }] } },
    codes: ['option-unknown in CorsModule'],
    fixed: { options: { origin: APP, paths: [{ path: '/graphql', policy: { maxAge: 5 } }] } },
  },
  'a path without a policy': {
    wrong: { options: { origin: APP, paths: [{ path: '/graphql' }] } },
    codes: ['option-type in paths "/graphql"'],
    fixed: { options: { origin: APP, paths: [{ path: '/graphql', policy: false }] } },
  },
  'an unknown diagnostics option': {
    wrong: { options: { origin: APP, diagnostics: { verbose: true } } },
    codes: ['option-unknown in CorsModule'],
    fixed: { options: { origin: APP, diagnostics: { explainToClient: true } } },
  },
  'diagnostics of the wrong type': {
    wrong: { options: { origin: APP, diagnostics: { explainToClient: 'always', silence: 'all', logRefusals: 1 } } },
    codes: ['option-type in CorsModule', 'option-type in CorsModule', 'option-type in CorsModule'],
    fixed: {
      options: {
        origin: APP,
        diagnostics: { explainToClient: 'even-in-production', silence: ['insecure-origin'], logRefusals: false },
      },
    },
  },
  'diagnostics that are no object': {
    wrong: { options: { origin: APP, diagnostics: true } },
    codes: ['option-type in CorsModule'],
    fixed: { options: { origin: APP, diagnostics: {} } },
  },
  'a resolver option out of range': {
    wrong: { options: { origin: APP, resolver: { timeout: 0 } } },
    codes: ['option-type in CorsModule'],
    fixed: { options: { origin: APP, resolver: { timeout: 2000 } } },
  },
};

describePlatforms('a mistake outside the policies', (platform) => {
  it.each(Object.keys(MISTAKES))('%s stops the boot, and its remedy boots', async (name) => {
    const mistake = MISTAKES[name] as (typeof MISTAKES)[string];
    const stopped = await boot(application(mistake.wrong), platform);
    expect(codesOf(stopped).sort()).toEqual(mistake.codes);
    for (const problem of stopped.problems) {
      expect(problem.message).toMatch(/\.$/);
      expect(problem.remedy.length).toBeGreaterThan(20);
    }
    expect(codesOf(await boot(application(mistake.fixed), platform))).toEqual([]);
  });
});

describe('the path of a path policy', () => {
  it.each(['/', '/graphql', '/api/docs', '/docs/', '/a.b-c_d~e'])('is accepted as %j', async (path) => {
    expect(codesOf(await boot(application({ options: { origin: APP, paths: [{ path, policy: false }] } })))).toEqual(
      [],
    );
  });

  it.each([
    '',
    'graphql',
    '/a/*',
    '/:id',
    '/a?b',
    '/a#b',
    '/a//b',
    '/a/../b',
    '/a/.',
    '/a\\b',
    '/%61',
    '/ä',
    5,
    undefined,
  ])('is path-invalid as %j', async (path) => {
    expect(codesOf(await boot(application({ options: { origin: APP, paths: [{ path, policy: false }] } })))).toEqual([
      'path-invalid in CorsModule',
    ]);
  });

  it.each([
    ['graphql', '/graphql'],
    ['/static/*', '/static'],
    ['/files/:id/raw', '/files'],
    ['https://api.example.com/docs/?page=2#top', '/docs'],
    ['//a\\b/./c/../d', '/a/b/d'],
    ['/a%2fb', '/'],
    [undefined, '/graphql'],
  ])('has a remedy that boots as written for %j', async (path, corrected) => {
    const booted = (one: unknown) =>
      boot(application({ options: { origin: APP, paths: [{ path: one, policy: false }] } }));
    expect((await booted(path)).problems[0]?.remedy).toBe(
      `Write \`path: '${corrected}'\`. It covers everything below it.`,
    );
    expect(codesOf(await booted(corrected))).toEqual([]);
  });

  it('is accepted once', async () => {
    const paths = [
      { path: '/graphql', policy: false },
      { path: '/graphql/', policy: {} },
    ];
    expect((await boot(application({ options: { origin: APP, paths } }))).problems).toMatchObject([
      {
        code: 'path-invalid',
        message: "paths[1].path is '/graphql/' but must be in `paths` once (set at CorsModule).",
        remedy: 'Keep one of the entries with this path.',
      },
    ]);
  });
});

describe('an origin in place of a policy name', () => {
  it.each([
    ['https://partner.example/', 'https://partner.example'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['*', '*'],
  ])('has a remedy with options for %s', async (name, origin) => {
    const { problems } = await boot(application({ controllers: [controller([], [Cors(name)])] }));
    expect(problems).toMatchObject([
      { code: 'policy-unknown', remedy: `Write options instead of a name: \`{ origin: '${origin}' }\`.` },
    ]);
  });
});

describePlatforms('two paths that differ only in case', (platform) => {
  const problems = async (one: string | false, other: string | false) => {
    const paths = [
      { path: '/docs/a', policy: one },
      { path: '/Docs/A/', policy: other },
    ];
    const policies = { partners: { origin: 'https://partner.example' } };
    return codesOf(await boot(application({ options: { origin: APP, policies, paths } }), platform));
  };

  it('are path-invalid if their policies differ, because a URL may match both', async () => {
    expect(await problems('partners', false)).toEqual(['path-invalid in CorsModule']);
    expect(await problems('untouched', 'partners')).toEqual(['path-invalid in CorsModule']);
  });

  it('may have one policy if the router distinguishes case', async () => {
    const expected = platform.name === 'express' ? ['path-invalid in CorsModule'] : [];
    expect(await problems('partners', 'partners')).toEqual(expected);
    expect(await problems(false, false)).toEqual(expected);
  });
});

describe('one dynamic module that several modules import', () => {
  it('is one module', async () => {
    const shared = CorsModule.forRoot({ origin: APP });
    @Module({ imports: [shared] })
    class Feature {}
    expect(codesOf(await boot(application({ imports: [shared, Feature] })))).toEqual([]);
  });
});
