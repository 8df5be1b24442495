import type { ConfigService } from '@nestjs/config';
import type { CorsModuleOptions } from 'nestjs-cors';
import type { EnvironmentPolicy } from 'nestjs-cors/config';

/**
 * The CORS contract of the whole API. What a controller does not say with `@Cors()` is said here.
 *
 * @param cors the application-wide policy, as the CORS_ variables state it: our own front end, and nobody else
 */
export function corsOptions(cors: EnvironmentPolicy, config: ConfigService): CorsModuleOptions {
  const partner = config.getOrThrow<string>('PARTNER_ORIGIN');
  return {
    ...cors,
    // Named policies start from nothing: `partners` does not let the front end in, because it does not list it.
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
  };
}
