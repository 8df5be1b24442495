import type { ConfigService } from '@nestjs/config';
import type { CorsModuleOptions } from 'nestjs-cors';

/** The CORS contract of the whole API. What a controller does not say with `@Cors()` is said here. */
export function corsOptions(config: ConfigService): CorsModuleOptions {
  const app = config.getOrThrow<string>('APP_ORIGIN');
  const partner = config.getOrThrow<string>('PARTNER_ORIGIN');
  return {
    // The application-wide policy: our own front end, and nobody else.
    origin: [app],
    allowedHeaders: ['content-type', 'authorization'],
    maxAge: 600,
    // Named policies start from nothing: `partners` does not let the front end in, because it does not list it.
    policies: {
      editors: { origin: [app, partner], maxAge: 600 },
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
