import { type PackedPackage, packAndInstall, runInConsumer } from '../support/packed-package.js';
import {
  type Build,
  type MixedCopies,
  ORIGINS,
  type TwoCopies,
  twoCopiesProgram,
} from '../support/two-copies-program.js';

// A process has two copies of the package if a bundler or a test runner loads the CommonJS build for one file and the
// ES modules for another. Decorators and errors of either copy work with the module of the other. A service can only be
// injected by the class of the copy whose module is imported, because a class is its own token. Nest reports this at
// boot.
describe('two copies of the package in one process', () => {
  let packed: PackedPackage;
  let found: TwoCopies;
  beforeAll(() => {
    packed = packAndInstall();
    found = runInConsumer(packed, 'commonjs', twoCopiesProgram(packed.folder)) as TwoCopies;
  }, 300_000);
  afterAll(() => packed?.remove());

  it('are loaded separately', () => {
    // The core is one file for both formats.
    expect(found.same).toEqual(['CorsConfigurationError']);
  });

  describe.each<[Build, Build]>([
    ['cjs', 'esm'],
    ['esm', 'cjs'],
  ])('with the decorators of %s and the CorsModule of %s', (decorators) => {
    let mixed: MixedCopies;
    beforeAll(() => {
      mixed = found.decoratorsOf[decorators];
    });

    it.each(['express', 'fastify'] as const)('answer with the policy of each handler (%s)', (platform) => {
      const allowed = (origin: string, status = 200) => [
        [204, origin],
        [status, origin],
      ];
      const bare = [
        [403, null],
        [200, null],
      ];
      const refused = [
        [403, null],
        [403, null, 'cors-forbidden'],
      ];
      expect(mixed.answers[platform]).toEqual({
        list: [...allowed(ORIGINS.app), ...bare, ...bare],
        named: [...bare, ...allowed(ORIGINS.partner), ...bare],
        disabled: [...bare, ...bare, ...bare],
        order: [...refused, ...refused, ...allowed(ORIGINS.www, 201)],
        plain: [...bare, ...bare, ...allowed(ORIGINS.www)],
      });
    });

    it('report mistakes in decorators, and two decorators on one handler', () => {
      expect(mixed.mistakes).toEqual({
        origin: [['origin-invalid', ['SomeController.read']]],
        twice: [['decorator-conflict', ['SomeController.read']]],
      });
    });

    it("throw errors that are instances of either copy's classes", () => {
      expect(mixed.mistakeIs).toEqual([true, true]);
      expect(mixed.refusalIs).toEqual([true, false]);
    });

    it('inject the services of the copy with the imported module', () => {
      expect(mixed.services).toEqual([true, false]);
    });

    it.each(['CorsService', 'OriginResolverService'] as const)(
      'stop the boot if %s of the other copy is injected',
      (name) => {
        expect(mixed.foreignServices[name]).toMatch(new RegExp(`resolve dependencies of the NeedsIt .*${name}`));
      },
    );
  });

  it.each<Build>(['cjs', 'esm'])(
    'let an application with the %s copy decide when it is mounted in one with the other copy',
    (build) => {
      expect(found.inside[build]).toEqual([
        [200, null],
        [200, ORIGINS.partner],
        [200, null],
        [200, null],
      ]);
    },
  );

  it('stop the boot if both modules are imported', () => {
    expect(found.twoModules).toEqual(['module-duplicate']);
  });

  it('stop the boot if decorators are used without a module', () => {
    expect(found.noModule).toEqual(['not-installed']);
  });
});
