import { VERSION_NEUTRAL, type VersioningOptions, VersioningType } from '@nestjs/common';

/** The versions that a filter in front of the handler compares; none where every version passes. */
export function filteredVersions(
  version: unknown,
  versioning: VersioningOptions | undefined,
): readonly unknown[] | undefined {
  if (!version || versioning === undefined || versioning.type === VersioningType.URI || version === VERSION_NEUTRAL) {
    return undefined;
  }
  return Object.freeze(Array.isArray(version) ? [...version] : [version]);
}

/**
 * Whether a handler that is registered with Fastify may be the one for these versions: the adapter writes them on it.
 * Nest leaves out routes there that differ in nothing, so that a route of other versions could be taken for one.
 */
export function isForVersions(handler: object, versions: readonly unknown[] = []): boolean {
  const { version } = handler as { readonly version?: unknown };
  const written = Array.isArray(version) ? version : version && version !== VERSION_NEUTRAL ? [version] : [];
  return written.length === versions.length && versions.every((one) => written.includes(one));
}
