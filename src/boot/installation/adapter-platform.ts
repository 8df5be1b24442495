import type { VersioningOptions } from '@nestjs/common';
import type { CorsRequestHandling } from '../../http/cors-request-handling.js';
import type { SecurityHook } from '../../http/enforcement/csrf-exclusion.js';
import type { ReplyingAdapter } from '../../http/enforcement/enforcement.js';
import { type ExpressAdapterPort, ExpressPlatform } from '../../http/express/express-platform.js';
import { FastifyPlatform } from '../../http/fastify/fastify-platform.js';
import type { FastifyAdapterPort } from '../../http/fastify/fastify-port.js';
import type { HttpPlatform } from '../../http/http-platform.js';
import { type VersionFilter, VersionFilters, type VersionPlace } from '../../http/version-filters.js';
import type { RouteEntry } from '../../routes/route-entry.js';
import type { AdapterWithServer } from '../gateways/upgrade-listeners.js';
import type { NestValues } from '../nest-values.js';
import type { PathNormalizing } from '../routes/normalized-paths.js';

/** The used part of Nest's HTTP adapters. */
export interface AdapterPort
  extends AdapterWithServer,
    ExpressAdapterPort,
    FastifyAdapterPort,
    PathNormalizing,
    ReplyingAdapter {
  getType(): string;
  enableCors(options?: unknown): unknown;
  /** Since Nest 12. */
  registerSecurityHook?(hook: SecurityHook): unknown;
  applyVersionFilter(handler: unknown, version: unknown, versioning: VersioningOptions): unknown;
}

/**
 * The platform of an adapter.
 *
 * @throws Error for an adapter of another server than Express and Fastify
 */
export function platformFor(
  adapter: AdapterPort,
  handling: CorsRequestHandling,
  versioning: () => VersioningOptions | undefined,
  nest: Pick<NestValues, 'VersioningType'>,
): HttpPlatform {
  const filters = new VersionFilters(() => placeOf(versioning(), nest), cachedFilters(adapter, versioning));
  const type = adapter.getType();
  switch (type) {
    case 'express':
      requireMembers(adapter, 'Express application', { handle: 'function', request: 'object', response: 'object' });
      return new ExpressPlatform(adapter, handling, filters);
    case 'fastify':
      requireMembers(adapter, 'Fastify instance', { route: 'function', addHook: 'function', server: 'object' });
      return new FastifyPlatform(adapter, handling, filters);
    default:
      throw unknownAdapter(adapter, type, '');
  }
}

/** An adapter of another server may have the type of a known one. */
function requireMembers(adapter: AdapterPort, what: string, members: Readonly<Record<string, string>>): void {
  const instance = adapter.getInstance() as Readonly<Record<string, unknown>> | null | undefined;
  const missing = Object.entries(members).find(([name, type]) => {
    const member = instance?.[name];
    return member === null || typeof member !== type;
  });
  if (missing !== undefined) {
    throw unknownAdapter(adapter, adapter.getType(), ` Its getInstance() returns no ${what}.`);
  }
}

function unknownAdapter({ constructor: { name } }: AdapterPort, type: string, why: string): Error {
  return new Error(
    `nestjs-cors does not support the HTTP adapter "${type}" (${name}).${why} Use Express ` +
      '(@nestjs/platform-express) or Fastify (@nestjs/platform-fastify).',
  );
}

function placeOf(
  versioning: VersioningOptions | undefined,
  { VersioningType }: Pick<NestValues, 'VersioningType'>,
): VersionPlace | undefined {
  switch (versioning?.type) {
    case VersioningType.HEADER:
      return { kind: 'header', name: versioning.header.toLowerCase() };
    case VersioningType.MEDIA_TYPE:
    case VersioningType.CUSTOM:
      return { kind: 'elsewhere' };
    default:
      return undefined;
  }
}

/** The adapter's own version filters, one for each entry. */
function cachedFilters(
  adapter: AdapterPort,
  versioning: () => VersioningOptions | undefined,
): (entry: RouteEntry) => VersionFilter {
  const filters = new WeakMap<RouteEntry, VersionFilter>();
  return (entry) => {
    let filter = filters.get(entry);
    if (filter === undefined) {
      const native = adapter.applyVersionFilter(
        () => true,
        [...(entry.versions ?? [])],
        versioning() as VersioningOptions,
      ) as (request: unknown, response: unknown, next: () => unknown) => unknown;
      filter = (request) => native(request, undefined, () => false) === true;
      filters.set(entry, filter);
    }
    return filter;
  };
}
