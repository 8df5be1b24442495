import type { PolicyProperty } from '../../policy/policy-options.js';
import { plain } from './closest-name.js';

/** What a name that people bring from elsewhere is called here, or why there is no such option. */
export interface ForeignName {
  /** The option that does the same here. */
  readonly here?: PolicyProperty;
  /** Said in addition, or instead: ends without a full stop. */
  readonly advice?: string;
}

const NOTHING_TO_SET = 'Remove it';

const FOREIGN_NAMES: readonly (readonly [names: readonly string[], meaning: ForeignName])[] = [
  [['allowHeaders', 'allowHeader', 'headers', 'requestHeaders', 'allowedHeader'], { here: 'allowedHeaders' }],
  [['exposeHeaders', 'exposeHeader', 'exposedHeader', 'responseHeaders', 'expose'], { here: 'exposedHeaders' }],
  [['allowMethods', 'allowedMethods', 'method', 'allowMethod', 'verbs'], { here: 'methods' }],
  [
    [
      'origins',
      'allowOrigin',
      'allowOrigins',
      'allowedOrigin',
      'allowedOrigins',
      'originPatterns',
      'allowedOriginPatterns',
      'whitelist',
      'allowlist',
    ],
    { here: 'origin' },
  ],
  [['allowCredentials', 'supportsCredentials', 'withCredentials', 'allowedCredentials'], { here: 'credentials' }],
  [['maxage', 'maxAgeSeconds', 'preflightMaxAge', 'accessControlMaxAge'], { here: 'maxAge' }],
  [
    ['cacheControl'],
    {
      here: 'maxAge',
      advice: 'Browsers cache preflights by maxAge; for shared caches set `Cache-Control` in a handler',
    },
  ],
  [['optionsSuccess', 'optionSuccessStatus', 'successStatus', 'preflightStatus'], { here: 'optionsSuccessStatus' }],
  [
    ['preflightContinue', 'continue', 'optionsPassthrough'],
    {
      advice: `${NOTHING_TO_SET}: preflights are answered before any handler, and \`@Options()\` handlers run for every other OPTIONS request`,
    },
  ],
  [
    ['preflight', 'strictPreflight', 'handlePreflight'],
    {
      advice: `${NOTHING_TO_SET}: preflights are always answered; use \`@DisableCors()\` where they should be refused`,
    },
  ],
  [['hideOptionsRoute'], { advice: `${NOTHING_TO_SET}: no OPTIONS route is registered` }],
  [
    ['privateNetwork', 'allowPrivateNetwork', 'allowedPrivateNetwork', 'allowLocalNetwork'],
    { advice: `${NOTHING_TO_SET}: browsers ask their user instead of the server, and no header is needed` },
  ],
  [
    ['hook', 'delegator', 'optionsDelegate'],
    {
      advice: `${NOTHING_TO_SET}: put \`@Cors({ ... })\` on the controllers and handlers that need a policy of their own`,
    },
  ],
  [
    ['logLevel', 'logger', 'debug'],
    {
      advice: `${NOTHING_TO_SET}: messages go to Nest's own logger, whose levels are set by \`NestFactory.create(AppModule, { logger: ['warn'] })\``,
    },
  ],
  [
    ['varyOrigin', 'vary', 'alwaysVary', 'resources'],
    { advice: `${NOTHING_TO_SET}: \`Vary\` is set wherever the answer depends on the request` },
  ],
  [['isGlobal', 'global'], { advice: `${NOTHING_TO_SET}: the module is always global` }],
  [
    ['enabled', 'disabled', 'disable', 'enable'],
    { advice: `${NOTHING_TO_SET}: put \`@DisableCors()\` where cross-origin access is to be refused` },
  ],
  [
    ['allowNull', 'allowNullOrigin', 'nullOrigin'],
    { advice: `${NOTHING_TO_SET}: 'null' is the origin of every sandboxed page and can never be trusted` },
  ],
  [
    ['useFactory', 'useClass', 'useExisting', 'inject', 'imports'],
    { advice: 'Write `CorsModule.forRootAsync({ ... })`, which takes providers; forRoot takes the options themselves' },
  ],
];

/** What a name from elsewhere means here; letter case and separators do not matter. */
export function foreignName(name: string): ForeignName | undefined {
  const wanted = plain(name);
  return FOREIGN_NAMES.find(([names]) => names.some((candidate) => plain(candidate) === wanted))?.[1];
}
