import type { PolicyProperty } from '../../policy/policy-options.js';
import { plain } from './closest-name.js';

/** The meaning of an option name from another library or framework. */
export interface ForeignName {
  /** The option with this meaning here. */
  readonly here?: PolicyProperty;
  /** The whole remedy where there is no such option, otherwise a sentence that follows the corrected code. */
  readonly advice?: string;
}

const FOREIGN_NAMES: readonly (readonly [names: string, meaning: ForeignName])[] = [
  ['allowHeaders allowHeader headers requestHeaders allowedHeader', { here: 'allowedHeaders' }],
  ['exposeHeaders exposeHeader exposedHeader responseHeaders expose', { here: 'exposedHeaders' }],
  ['allowMethods allowedMethods method allowMethod verbs', { here: 'methods' }],
  ['origins allowOrigin allowOrigins allowedOrigin allowedOrigins', { here: 'origin' }],
  ['originPatterns allowedOriginPatterns whitelist allowlist', { here: 'origin' }],
  ['allowCredentials supportsCredentials withCredentials allowedCredentials', { here: 'credentials' }],
  ['maxage maxAgeSeconds preflightMaxAge accessControlMaxAge', { here: 'maxAge' }],
  ['cacheControl', { here: 'maxAge', advice: 'For shared caches, set the header `Cache-Control` in a handler.' }],
  ['optionsSuccess optionSuccessStatus successStatus preflightStatus', { here: 'optionsSuccessStatus' }],
  ['crossOriginResourcePolicy crossOriginResource corp', { here: 'resourcePolicy' }],
  ...remove({
    'preflightContinue continue optionsPassthrough':
      'this module answers every preflight, and `@Options()` handlers run for all other OPTIONS requests',
    'preflight strictPreflight handlePreflight':
      'this module answers every preflight. To refuse preflights, use `@DisableCors()`',
    hideOptionsRoute: 'this module registers no OPTIONS route',
    'privateNetwork allowPrivateNetwork allowedPrivateNetwork allowLocalNetwork':
      'browsers ask their user for this permission, and no header is needed',
    'hook delegator optionsDelegate': 'put `@Cors({ ... })` on the controllers and handlers with their own policy',
    'logLevel logger debug':
      "this module uses Nest's logger, so set `NestFactory.create(AppModule, { logger: ['warn'] })`",
    'varyOrigin vary alwaysVary resources': 'this module sets `Vary` wherever the response depends on the request',
    'isGlobal global': 'the module is always global',
    'enabled disabled disable enable': 'to refuse cross-origin requests, use `@DisableCors()`',
    'allowNull allowNullOrigin nullOrigin': "every sandboxed page has the origin 'null', so it can never be trusted",
  }),
  [
    'useFactory useClass useExisting inject imports',
    { advice: 'Write `CorsModule.forRootAsync({ ... })`. `forRoot` takes only the options themselves.' },
  ],
];

/** The meaning of a name from another library. Letter case and separators do not matter. */
export function foreignName(name: string): ForeignName | undefined {
  const wanted = plain(name);
  return FOREIGN_NAMES.find(([names]) => names.split(' ').some((candidate) => plain(candidate) === wanted))?.[1];
}

/** Entries for names without a meaning here, with the reasons. */
function remove(reasons: Readonly<Record<string, string>>): (readonly [names: string, meaning: ForeignName])[] {
  return Object.entries(reasons).map(([names, reason]) => [names, { advice: `Remove it: ${reason}.` }]);
}
