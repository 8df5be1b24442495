/**
 * A consumer's program, as CommonJS or as an ES module. It boots an application with decorators from `require` and the
 * module from `import`, or the reverse, sends a request, and prints the response.
 */
export function bootProgram(): string {
  return `
    require('reflect-metadata');
    (async () => {
      const { NestFactory } = require('@nestjs/core');
      const { Controller, Get, Module } = require('@nestjs/common');
      const { CorsModule } = require('nestjs-cors');
      const { Cors } = await import('nestjs-cors');
      class GreetingController { greet() { return 'hello'; } }
      const greet = Object.getOwnPropertyDescriptor(GreetingController.prototype, 'greet');
      Get()(GreetingController.prototype, 'greet', greet);
      Cors({ origin: 'https://app.example.com', maxAge: 60 })(GreetingController.prototype, 'greet', greet);
      Controller('greeting')(GreetingController);
      class AppModule {}
      Module({ imports: [CorsModule.forRoot()], controllers: [GreetingController] })(AppModule);
      const app = await NestFactory.create(AppModule, { logger: false });
      await app.listen(0, '127.0.0.1');
      const url = 'http://127.0.0.1:' + app.getHttpServer().address().port + '/greeting';
      const answers = [];
      for (const origin of ['https://app.example.com', 'https://app.example.org']) {
        for (const [method, more] of [['OPTIONS', { 'access-control-request-method': 'GET' }], ['GET', {}]]) {
          const response = await fetch(url, { method, headers: { origin, ...more } });
          answers.push([method, origin, response.status, response.headers.get('access-control-allow-origin')]);
        }
      }
      await app.close();
      console.log(JSON.stringify(answers));
    })().catch((error) => { console.error(error); process.exit(1); });
  `;
}

/** A program that prints which exported names are the same object by `require` and by `import`. */
export function identityProgram(kind: 'commonjs' | 'module', specifiers: readonly string[]): string {
  const obtainRequire =
    kind === 'module'
      ? `const { createRequire } = await import('node:module'); const require = createRequire(process.cwd() + '/x.js');`
      : '';
  return `
    (async () => {
      ${obtainRequire}
      const result = {};
      for (const specifier of ${JSON.stringify(specifiers)}) {
        const required = require(specifier);
        const imported = await import(specifier);
        const names = new Set([...Object.keys(required), ...Object.keys(imported)]);
        for (const name of ['default', '__esModule', 'module.exports']) names.delete(name);
        result[specifier] = {
          names: [...names].sort(),
          different: [...names].filter((name) => required[name] !== imported[name]),
        };
      }
      console.log(JSON.stringify(result));
    })().catch((error) => { console.error(error); process.exit(1); });
  `;
}
