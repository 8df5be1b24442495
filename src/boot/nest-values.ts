import type { RequestMethod, Scope, VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import type { HttpAdapterHost, MetadataScanner } from '@nestjs/core';
import type { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';

/**
 * The classes and constants of Nest that the boot uses. The module passes them in. A file that imports a value of Nest is
 * in the package twice, once for each module format, because the formats share only code without Nest.
 */
export interface NestValues {
  readonly HttpAdapterHost: typeof HttpAdapterHost;
  readonly MetadataScanner: typeof MetadataScanner;
  readonly RequestMethod: typeof RequestMethod;
  readonly RoutePathFactory: typeof RoutePathFactory;
  readonly Scope: typeof Scope;
  readonly VERSION_NEUTRAL: typeof VERSION_NEUTRAL;
  readonly VersioningType: typeof VersioningType;
}
