import { type VersioningOptions, VersioningType } from '@nestjs/common';
import { CONSTRAINTS, CUSTOM_HEADER, type Scenario, VERSION_HEADER } from './application-model.js';

/** The versioning options of a scenario. */
export function versioningOf({
  versioning,
  defaultVersion,
  versionHeader = VERSION_HEADER,
}: Scenario): VersioningOptions | undefined {
  const common = defaultVersion === undefined ? {} : { defaultVersion };
  switch (versioning) {
    case 'uri':
      return { type: VersioningType.URI, ...common };
    case 'header':
      return { type: VersioningType.HEADER, header: versionHeader, ...common };
    case 'media-type':
      return { type: VersioningType.MEDIA_TYPE, key: 'v=', ...common };
    case 'custom':
      return {
        type: VersioningType.CUSTOM,
        extractor: (request) => {
          const { headers } = request as { headers: Record<string, string | undefined> };
          return headers[CUSTOM_HEADER.toLowerCase()]?.split(',') ?? [];
        },
        ...common,
      };
    default:
      return undefined;
  }
}

/** Fastify's strategies for the constraints of generated routes. */
export function strategiesOf({ constraints: names }: Scenario): object {
  const strategies = names?.map((name) => {
    const header = CONSTRAINTS[name].header.toLowerCase();
    return [
      name,
      {
        name,
        // A route without a region must never accept a request with one.
        mustMatchWhenDerived: name === 'region',
        validate: () => true,
        storage: () => {
          const routes = new Map<unknown, unknown>();
          return {
            get: (value: unknown) => routes.get(value),
            set: (value: unknown, route: unknown) => routes.set(value, route),
          };
        },
        deriveConstraint: ({ headers }: { headers: Record<string, string> }) => headers[header],
      },
    ] as const;
  });
  return strategies === undefined ? {} : { constraints: Object.fromEntries(strategies) };
}
