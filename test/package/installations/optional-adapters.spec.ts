import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { type PackedPackage, packAndInstall, runInConsumer } from '../support/packed-package.js';

/** Each adapter, and the package that it needs. */
const PACKAGES = { CorsIoAdapter: '@nestjs/platform-socket.io', CorsWsAdapter: '@nestjs/platform-ws' } as const;
type AdapterName = keyof typeof PACKAGES;

const KINDS = [
  ['commonjs', 'require'],
  ['module', 'await import'],
] as const;

/** Statements that create `app`, and then both adapters: `created` has the type of a method, or the message of the error. */
const createAdapters = (load: string): string => `
  const { NestFactory } = ${load}('@nestjs/core');
  const { CorsModule } = ${load}('nestjs-cors');
  const adapters = ${load}('nestjs-cors/websockets');
  const imports = [CorsModule.forRoot({ origin: 'https://app.example.com' })];
  const app = await NestFactory.create({ module: class {}, imports }, { logger: false });
  const created = Object.keys(${JSON.stringify(PACKAGES)}).map((name) => {
    try {
      return typeof new adapters[name](app).create;
    } catch (error) {
      return error.message;
    }
  });
  await app.close();
`;

// An application has one of the two packages. The entry point for both adapters loads without the other.
describe('an application that has one of the packages of the adapters', () => {
  let packed: PackedPackage;
  beforeAll(() => {
    packed = packAndInstall();
  }, 300_000);
  afterAll(() => packed?.remove());

  /** Runs while the package of an adapter is not installed. */
  function without<Result>(name: AdapterName, run: () => Result): Result {
    const folder = path.join(packed.consumer, 'node_modules', PACKAGES[name]);
    fs.renameSync(folder, `${folder}.away`);
    try {
      return run();
    } finally {
      fs.renameSync(`${folder}.away`, folder);
    }
  }

  const messageOf = (name: AdapterName): string =>
    `${name} needs the package ${PACKAGES[name]}, which is not installed. Run: npm install @nestjs/websockets ${PACKAGES[name]}`;

  it.each(KINDS)('creates both adapters if both are installed (%s)', (kind, load) => {
    const program = `(async () => { ${createAdapters(load)} console.log(JSON.stringify(created)); })();`;
    expect(runInConsumer(packed, kind, program)).toEqual(['function', 'function']);
  });

  describe.each<[AdapterName, (messages: string[]) => unknown[]]>([
    ['CorsIoAdapter', ([io]) => [io, 'function']],
    ['CorsWsAdapter', ([, ws]) => ['function', ws]],
  ])('without that of %s', (missing, expected) => {
    const created = expected([messageOf('CorsIoAdapter'), messageOf('CorsWsAdapter')]);

    it.each(KINDS)('creates the other, and says what to install (%s)', (kind, load) => {
      const program = `(async () => { ${createAdapters(load)} console.log(JSON.stringify(created)); })();`;
      expect(without(missing, () => runInConsumer(packed, kind, program))).toEqual(created);
    });

    it('does the same in Jest with ES modules', () => {
      const spec = path.join(packed.consumer, 'adapters.spec.mjs');
      const test = `it('creates', async () => { ${createAdapters('await import')} expect(created).toEqual(${JSON.stringify(created)}); });`;
      fs.writeFileSync(spec, test);
      const config = { rootDir: packed.consumer, testMatch: ['**/*.spec.mjs'], transform: {}, testEnvironment: 'node' };
      const jest = path.resolve('node_modules/jest/bin/jest.js');
      const options = ['--experimental-vm-modules', '--no-warnings', jest, '-i', '--config', JSON.stringify(config)];
      const run = () => execFileSync(process.execPath, options, { cwd: packed.consumer, stdio: 'pipe' });
      expect(() => without(missing, run)).not.toThrow();
    });

    it('has types without an error in a strict project', () => {
      const present = missing === 'CorsIoAdapter' ? 'CorsWsAdapter' : 'CorsIoAdapter';
      const code = `import { ${present} } from 'nestjs-cors/websockets';
        export class Adapter extends ${present} {}
        // @ts-expect-error the option is misspelt
        new ${present}({} as never, { requireOrigins: true });
        new Adapter({} as never, { requireOrigin: true }).create(0);`;
      const files = ['mts', 'cts'].map((ending) => path.join(packed.consumer, `main.${ending}`));
      for (const file of files) {
        fs.writeFileSync(file, code);
      }
      const settings = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, strict: true, noEmit: true };
      const program = without(missing, () => ts.createProgram(files, { ...settings, types: ['node'] }));
      const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(packed.consumer));
      const found = ours.flatMap((file) => ts.getPreEmitDiagnostics(program, file));
      expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([]);
      expect(ours.length).toBeGreaterThan(files.length);
    });
  });
});
