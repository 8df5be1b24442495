import type { OptionRule, OptionsTable } from '../../validation/options/options-table.js';
import { POLICY_TABLE } from '../../validation/options/policy-table.js';
import type {
  CorsModuleAsyncOptions,
  CorsModuleOptions,
  DiagnosticsOptions,
  PathPolicyOptions,
} from './module-options.js';

const boolean = (value: unknown): boolean => typeof value === 'boolean';

const POLICY_OPTIONS: OptionRule = {
  nested: true,
  must: 'a plain object of policy options',
  example: "{ origin: 'https://partner.example.com' }",
};
const POLICIES: OptionRule = {
  nested: true,
  must: 'a plain object of named policies',
  example: `{ partners: ${POLICY_OPTIONS.example} }`,
};
const PATH = "{ path: '/graphql', policy: { origin: 'https://app.example.com' } }";
const PATHS: OptionRule = { accepts: Array.isArray, must: 'a list of paths and their policies', example: `[${PATH}]` };

/** The options of `CorsModule.forRoot()`. */
export const MODULE_TABLE: OptionsTable<keyof CorsModuleOptions> = Object.freeze({
  ...POLICY_TABLE,
  rules: Object.freeze({
    ...POLICY_TABLE.rules,
    policies: POLICIES,
    paths: PATHS,
    resolver: { nested: true as const, must: 'a plain object', example: '{ timeout: 2000 }' },
    diagnostics: { nested: true as const, must: 'a plain object', example: '{ explainToClient: true }' },
  }),
});

/** The `policies` option: the user chooses the names. */
export const POLICIES_TABLE: OptionsTable = Object.freeze({
  rules: Object.freeze({}),
  others: POLICY_OPTIONS,
  example: `policies: ${POLICIES.example}`,
  write: (code: string) => `policies: { ${code} }`,
});

/** One entry of `paths`. */
export const PATH_TABLE: OptionsTable<keyof PathPolicyOptions> = Object.freeze({
  rules: Object.freeze({
    path: { must: 'a plain path', example: "'/graphql'" },
    policy: {
      nested: true as const,
      must: "a policy's name, 'untouched', policy options, or false",
      example: 'false',
    },
  }),
  example: PATH,
  write: (code: string) => code,
  unknown: () => "Put policy options inside `policy`: `{ path: '/graphql', policy: { maxAge: 600 } }`.",
});

/** The `diagnostics` option. */
export const DIAGNOSTICS_TABLE: OptionsTable<keyof DiagnosticsOptions> = Object.freeze({
  rules: Object.freeze({
    explainToClient: {
      accepts: (value: unknown) => boolean(value) || value === 'even-in-production',
      must: "true, false or 'even-in-production'",
      example: 'true',
    },
    logRefusals: { accepts: boolean, must: 'true or false', example: 'false' },
    printRoutes: { accepts: boolean, must: 'true or false', example: 'true' },
    silence: {
      accepts: (value: unknown) => Array.isArray(value) && value.every((code) => typeof code === 'string'),
      must: 'a list of warning codes',
      example: "['insecure-origin']",
    },
  }),
  example: 'diagnostics: { explainToClient: true }',
  write: (code: string) => `diagnostics: { ${code} }`,
});

/** The options of `CorsModule.forRootAsync()`. */
export const ASYNC_TABLE: OptionsTable<keyof CorsModuleAsyncOptions> = Object.freeze({
  rules: Object.freeze({
    imports: { accepts: Array.isArray, must: 'a list of modules', example: '[ConfigModule]' },
    inject: { accepts: Array.isArray, must: 'a list of tokens', example: '[ConfigService]' },
    useFactory: {
      accepts: (value: unknown) => typeof value === 'function',
      must: 'a function that returns options',
      example: "() => ({ origin: 'https://app.example.com' })",
    },
    useClass: {
      accepts: (value: unknown) => typeof value === 'function',
      must: 'a class with the method createCorsOptions',
      example: 'CorsSettings',
    },
    useExisting: { must: 'the token of a provider with the method createCorsOptions', example: 'CorsSettings' },
  }),
  example: "{ inject: [ConfigService], useFactory: (config) => ({ origin: config.getOrThrow('APP_ORIGIN') }) }",
  write: (code: string) => `CorsModule.forRootAsync({ ${code} })`,
  unknown: (name: string) =>
    Object.hasOwn(MODULE_TABLE.rules, name)
      ? `Return it with the other options: \`useFactory: () => ({ ${name}: ... })\`.`
      : undefined,
});
