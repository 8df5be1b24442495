import { registerAs } from '@nestjs/config';
import { readCorsEnvironment } from './read-environment.js';

/**
 * The `cors` namespace of `@nestjs/config`: the application-wide policy from `CORS_ORIGINS`, `CORS_CREDENTIALS`,
 * `CORS_MAX_AGE` and so on (see `readCorsEnvironment`). Only `CORS_ORIGINS` is required.
 *
 * Its factory throws `CorsConfigurationError` if `CORS_ORIGINS` is missing, or if a variable is blank or invalid.
 *
 * @example
 * ```ts
 * CorsModule.forRootAsync(corsConfig.asProvider())
 * ```
 */
export const corsConfig = registerAs('cors', () => readCorsEnvironment(process.env));
