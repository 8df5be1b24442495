/** The build that a copy of the package comes from. */
export type Build = 'cjs' | 'esm';

/** The results with the decorators of one copy of the package and the module of the other. */
export interface MixedCopies {
  /** By platform and route, the responses to a preflight and an actual request of each of {@link ORIGINS}. */
  readonly answers: Readonly<Record<'express' | 'fastify', Readonly<Record<string, readonly unknown[]>>>>;
  /** The code and targets of each provoked mistake. */
  readonly mistakes: Readonly<Record<'origin' | 'twice', readonly [string, string[]][]>>;
  /** Whether the error is an instance of the error classes of the decorators' copy and of the module's copy. */
  readonly mistakeIs: readonly [boolean, boolean];
  /** Whether a refusal, and any other error, is an instance of the exception class of the module's copy. */
  readonly refusalIs: readonly [boolean, boolean];
  /** The decisions of the module's services about an allowed and a foreign origin. */
  readonly services: readonly [boolean, boolean];
  /** Nest's error if a service of the decorators' copy is injected. */
  readonly foreignServices: Readonly<Record<'CorsService' | 'OriginResolverService', string>>;
}

/** The output of the program. */
export interface TwoCopies {
  /** Exported names that are the same object in both copies. */
  readonly same: readonly string[];
  /** By the copy of the decorators; the module comes from the other copy. */
  readonly decoratorsOf: Readonly<Record<Build, MixedCopies>>;
  /** By the copy of the inner application's module; the outer application has the other copy. */
  readonly inside: Readonly<Record<Build, readonly unknown[]>>;
  /** The codes of the mistakes with two modules, one from each copy. */
  readonly twoModules: readonly string[];
  /** The codes of the mistakes with decorators but without a module. */
  readonly noModule: readonly string[];
}

export const ORIGINS = {
  app: 'https://app.example.com',
  partner: 'https://partner.example.net',
  www: 'https://www.example.com',
} as const;

const PREPARATION = `
  const { NestFactory } = require('@nestjs/core');
  const { Controller, Get, Inject, Module, Post } = require('@nestjs/common');
  const { ExpressAdapter } = require('@nestjs/platform-express');
  const { FastifyAdapter } = require('@nestjs/platform-fastify');
  const ORIGINS = ${JSON.stringify(ORIGINS)};

  // Nothing is compiled here: decorators are called as a compiler would.
  const controller = (path, routes) => {
    class SomeController {}
    for (const [name, decorators] of Object.entries(routes)) {
      SomeController.prototype[name] = function () { return name; };
      const descriptor = Object.getOwnPropertyDescriptor(SomeController.prototype, name);
      for (const decorator of decorators) decorator(SomeController.prototype, name, descriptor);
    }
    Controller(path)(SomeController);
    return SomeController;
  };
  const moduleOf = (imports, controllers = [], providers = []) => {
    class AppModule {}
    Module({ imports, controllers, providers })(AppModule);
    return AppModule;
  };
  const create = (module, adapter = new ExpressAdapter()) =>
    NestFactory.create(module, adapter, { logger: false, abortOnError: false });
  const mistakeOf = async (module) => {
    let app;
    try {
      app = await create(module);
      await app.init();
      return { message: 'none', problems: [] };
    } catch (error) {
      return error;
    } finally {
      await app?.close();
    }
  };
  const codesOf = async (module) => (await mistakeOf(module)).problems.map(({ code }) => code);
  const ask = async (app, method, path, headers) => {
    const url = 'http://127.0.0.1:' + app.getHttpServer().address().port + path;
    const response = await fetch(url, { method, headers: { ...headers, connection: 'close' } });
    const body = await response.text();
    const code = body.startsWith('{') ? JSON.parse(body).code : undefined;
    return [response.status, response.headers.get('access-control-allow-origin'), ...(code === undefined ? [] : [code])];
  };
`;

const MIX = `
  const mix = async (one, other) => {
    const { Cors, DisableCors } = one;
    const { CorsModule } = other;
    const routes = {
      list: [Get('list'), Cors({ origin: ORIGINS.app })],
      named: [Get('named'), Cors('partners')],
      disabled: [Get('disabled'), DisableCors()],
      order: [Post('order'), Cors({ enforce: 'all' })],
      plain: [Get('plain')],
    };
    const answersOn = async (adapter) => {
      const options = { origin: ORIGINS.www, policies: { partners: { origin: ORIGINS.partner } } };
      const app = await create(moduleOf([CorsModule.forRoot(options)], [controller('items', routes)]), adapter);
      await app.listen(0, '127.0.0.1');
      const answers = {};
      for (const name of Object.keys(routes)) {
        const method = name === 'order' ? 'POST' : 'GET';
        answers[name] = [];
        for (const origin of Object.values(ORIGINS)) {
          const preflight = { origin, 'access-control-request-method': method };
          answers[name].push(await ask(app, 'OPTIONS', '/items/' + name, preflight));
          answers[name].push(await ask(app, method, '/items/' + name, { origin }));
        }
      }
      await app.close();
      return answers;
    };
    const mistakeIn = (...decorators) =>
      mistakeOf(moduleOf([CorsModule.forRoot({ origin: '*' })], [controller('wrong', { read: [Get(), ...decorators] })]));
    const foreignService = async (name) => {
      class NeedsIt { constructor(service) {} }
      Inject(one[name])(NeedsIt, undefined, 0);
      return (await mistakeOf(moduleOf([CorsModule.forRoot()], [], [NeedsIt]))).message;
    };
    const wrongOrigin = await mistakeIn(Cors({ origin: ORIGINS.app + '/' }));
    const twice = await mistakeIn(Cors(), other.DisableCors());
    const refusal = new one.CorsForbiddenException('origin-not-allowed', 'SomeController.order');
    const app = await create(moduleOf([CorsModule.forRoot({ origin: ORIGINS.app })]));
    await app.init();
    const services = [
      await app.get(other.CorsService).isOriginAllowed(ORIGINS.app),
      await app.get(other.OriginResolverService).resolve(ORIGINS.www),
    ];
    await app.close();
    const list = ({ problems }) => problems.map(({ code, targets }) => [code, targets]);
    return {
      answers: { express: await answersOn(new ExpressAdapter()), fastify: await answersOn(new FastifyAdapter()) },
      mistakes: { origin: list(wrongOrigin), twice: list(twice) },
      mistakeIs: [wrongOrigin instanceof one.CorsConfigurationError, wrongOrigin instanceof other.CorsConfigurationError],
      refusalIs: [refusal instanceof other.CorsForbiddenException, new Error() instanceof other.CorsForbiddenException],
      services,
      foreignServices: {
        CorsService: await foreignService('CorsService'),
        OriginResolverService: await foreignService('OriginResolverService'),
      },
    };
  };
`;

const INSIDE = `
  const answersInside = async (one, other) => {
    const inside = await create(moduleOf(
      [one.CorsModule.forRoot({ origin: ORIGINS.partner })],
      [controller('items', { list: [Get('list')], disabled: [Get('disabled'), one.DisableCors()] })],
    ));
    await inside.init();
    const app = await create(moduleOf([other.CorsModule.forRoot({ origin: ORIGINS.app })]));
    app.use('/inner', inside.getHttpAdapter().getInstance());
    await app.listen(0, '127.0.0.1');
    const answers = [];
    for (const path of ['/inner/items/list', '/inner/items/disabled']) {
      for (const origin of [ORIGINS.app, ORIGINS.partner]) {
        answers.push(await ask(app, 'GET', path, { origin }));
      }
    }
    await app.close();
    await inside.close();
    return answers;
  };
`;

/**
 * A CommonJS program that loads both builds of the package, mixes them, and prints {@link TwoCopies}. It loads them by
 * file, because Node resolves the name to the ES modules both times.
 */
export function twoCopiesProgram(folder: string): string {
  return `
    require('reflect-metadata');
    const { pathToFileURL } = require('node:url');
    (async () => {
      const cjs = require(${JSON.stringify(`${folder}/dist/cjs/index.js`)});
      const esm = await import(pathToFileURL(${JSON.stringify(`${folder}/dist/esm/index.js`)}));
      ${PREPARATION}
      ${MIX}
      ${INSIDE}
      console.log(JSON.stringify({
        same: Object.keys(esm).filter((name) => esm[name] === cjs[name]),
        decoratorsOf: { cjs: await mix(cjs, esm), esm: await mix(esm, cjs) },
        inside: { cjs: await answersInside(cjs, esm), esm: await answersInside(esm, cjs) },
        twoModules: await codesOf(moduleOf([cjs.CorsModule.forRoot(), esm.CorsModule.forRoot()])),
        noModule: await codesOf(moduleOf([], [controller('lonely', { read: [Get(), cjs.Cors()] })])),
      }));
    })().catch((error) => { console.error(error); process.exit(1); });
  `;
}
