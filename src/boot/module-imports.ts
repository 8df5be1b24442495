import type { ModulesContainer } from '@nestjs/core';
import { MODULE_TARGET } from '../policy/policy-source.js';
import { CorsConfigurationError } from '../validation/problems/configuration-error.js';
import type { CorsProblem } from '../validation/problems/problem.js';
import { CORS_MODULE_BRAND } from './metadata/tokens.js';

type ModuleOfContainer = ModulesContainer extends Map<string, infer One> ? One : never;

/** Reports a module that is configured more than once. */
export function duplicateModules(modules: ModulesContainer): CorsProblem[] {
  const count = corsModules(modules).length;
  return count < 2
    ? []
    : [
        {
          code: 'module-duplicate',
          targets: [MODULE_TARGET],
          value: count,
          message: `CorsModule is configured ${count} times in one application, but only one configuration can apply.`,
          remedy:
            'Call `CorsModule.forRoot()` (or `forRootAsync()`) once, in the root module. It is global. To import it in several modules, store the result of the call in a constant and import the constant.',
        },
      ];
}

/**
 * Stops a CorsModule that is loaded while the application runs. Nest calls neither `configure` nor `onModuleInit` of
 * such a module, so it would silently do nothing. Nest connects modules before it creates their providers, so a module
 * of the application is reachable from the root module, and a module that is loaded later is not.
 *
 * @throws CorsConfigurationError with the code `module-lazy`, or `module-duplicate` if the application has the module
 * already
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
              'CorsModule is imported by a module that LazyModuleLoader loads. The routes are registered by then, so its policies cannot apply.',
            remedy:
              "Import it in the root module: `@Module({ imports: [CorsModule.forRoot({ origin: ['https://app.example.com'] })] })`. It is global, so lazily loaded modules need no import.",
          },
        ],
  );
}

/** The CorsModules of this package and of other copies of it. */
function corsModules(modules: ModulesContainer): ModuleOfContainer[] {
  return [...modules.values()].filter(
    ({ metatype }) => typeof metatype === 'function' && Object.hasOwn(metatype, CORS_MODULE_BRAND),
  );
}

/** The modules of an application: Nest's core module, then the root module, and all modules that they import. */
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
