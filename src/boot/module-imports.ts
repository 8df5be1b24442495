import type { ModulesContainer } from '@nestjs/core';
import { CORS_MODULE_BRAND } from '../metadata/tokens.js';
import { MODULE_TARGET } from '../policy/policy-source.js';
import { CorsConfigurationError } from '../validation/problems/configuration-error.js';
import type { CorsProblem } from '../validation/problems/problem.js';

type ModuleOfContainer = ModulesContainer extends Map<string, infer One> ? One : never;

/** Finds a module that is set up more than once. */
export function duplicateModules(modules: ModulesContainer): CorsProblem[] {
  const count = corsModules(modules).length;
  return count < 2
    ? []
    : [
        {
          code: 'module-duplicate',
          targets: [MODULE_TARGET],
          value: count,
          message: `CorsModule is set up ${count} times in one application, and only one can answer.`,
          remedy:
            'Call CorsModule.forRoot() (or forRootAsync()) once, in the root module; it is global. To import it in several places, keep what the one call returned in a constant and import that.',
        },
      ];
}

/**
 * Stops a CorsModule that is loaded while the application runs: Nest calls neither `configure` nor `onModuleInit` on such
 * modules, so it would silently do nothing. Nest binds modules to one another before it makes their providers, so the
 * modules of an application can be reached from its root module, and a module that is loaded later cannot.
 *
 * @throws CorsConfigurationError with the code `module-lazy`, or `module-duplicate` where the application has the module
 */
export function refuseLazyModule(modules: ModulesContainer): void {
  const ours = corsModules(modules);
  const reachable = reachableModules(modules);
  if (ours.every((one) => reachable.has(one))) {
    return;
  }
  const duplicates = duplicateModules(modules);
  throw new CorsConfigurationError(
    duplicates.length > 0
      ? duplicates
      : [
          {
            code: 'module-lazy',
            targets: [MODULE_TARGET],
            message:
              'CorsModule is imported by a module that LazyModuleLoader loads, when the routes are registered and the policies can no longer be applied.',
            remedy:
              "Import it in the root module: `@Module({ imports: [CorsModule.forRoot({ origin: ['https://app.example.com'] })] })`. It is global, so lazily loaded modules need no import.",
          },
        ],
  );
}

/** The modules of this package, and of other copies of it. */
function corsModules(modules: ModulesContainer): ModuleOfContainer[] {
  return [...modules.values()].filter(
    ({ metatype }) => typeof metatype === 'function' && Object.hasOwn(metatype, CORS_MODULE_BRAND),
  );
}

/** The modules of an application: its root module, which Nest adds after its own core module, and all that it imports. */
function reachableModules(modules: ModulesContainer): ReadonlySet<ModuleOfContainer> {
  const [core, root] = modules.values();
  const reachable = new Set([core, root].filter((one) => one !== undefined));
  for (const one of reachable) {
    for (const imported of one.imports) {
      reachable.add(imported);
    }
  }
  return reachable;
}
