import type { ConfigService } from '@nestjs/config';
import type { CorsModuleOptions } from 'nestjs-cors';
import type { EnvironmentPolicy } from 'nestjs-cors/config';

/**
 * The policy of every controller without `@Cors()`, and the named policies.
 *
 * @param cors the application-wide policy from the CORS_ variables: it lists the front end only
 */
export function corsOptions(cors: EnvironmentPolicy, config: ConfigService): CorsModuleOptions {
  const partner = config.getOrThrow<string>('PARTNER_ORIGIN');
  return {
    ...cors,
    // Named policies inherit nothing: `partners` does not list the front end, so it refuses the front end.
    policies: {
      editors: { origin: [...cors.origin, partner], maxAge: 600 },
      partners: {
        origin: [partner],
        methods: ['GET'],
        allowedHeaders: ['x-partner-key'],
        exposedHeaders: ['x-requests-left'],
        maxAge: 600,
      },
    },
    // PUT and DELETE of one product have different policies on purpose, so browsers cannot cache their preflights.
    diagnostics: { silence: ['preflight-not-cached'] },
  };
}
