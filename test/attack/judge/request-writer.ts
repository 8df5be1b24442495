import { METHOD_OVERRIDE } from '../application/configure.js';
import { KEY_HEADER } from '../application/runs.js';
import type { Sent } from '../client.js';
import { type ApplicationPlan, CUSTOM_HEADER, type RequestPlan, TENANT_HEADER, VERSION_HEADER } from '../plan.js';

/** Converts planned requests to requests that a client of one application sends. */
export class RequestWriter {
  readonly #plan: ApplicationPlan;

  constructor(plan: ApplicationPlan) {
    this.#plan = plan;
  }

  /** The request without an Origin. */
  plain(request: RequestPlan): Sent {
    const { method, target, host, version, tenant } = request;
    return {
      method,
      target,
      headers: {
        ...(host === undefined ? {} : { Host: host }),
        ...this.#versionHeaders(version),
        ...(tenant === undefined ? {} : { [TENANT_HEADER]: tenant }),
        ...(request.requestedHeaders.includes('x-a') ? { [KEY_HEADER]: 'yes' } : {}),
        ...(this.#plan.middleware === 'overrides the method' && request.requestedHeaders.includes('X-B')
          ? { [METHOD_OVERRIDE]: 'DELETE' }
          : {}),
      },
    };
  }

  #versionHeaders(version: string | undefined): Record<string, string> {
    if (version === undefined) {
      return {};
    }
    switch (this.#plan.versioning) {
      case 'header':
        return { [VERSION_HEADER]: version };
      case 'custom':
        return { [CUSTOM_HEADER]: version };
      case 'media-type':
        return { Accept: `application/json;v=${version}` };
      default:
        return {};
    }
  }

  /** The header names that a browser would request: those of the page, and of the version and tenant. */
  requestedNames({ requestedHeaders, version, tenant }: RequestPlan): string[] {
    const { versioning } = this.#plan;
    return [
      ...requestedHeaders,
      ...(version !== undefined && versioning === 'header' ? [VERSION_HEADER] : []),
      ...(version !== undefined && versioning === 'custom' ? [CUSTOM_HEADER] : []),
      ...(tenant === undefined ? [] : [TENANT_HEADER]),
    ];
  }

  /** The preflight of a request. */
  preflightFor(request: RequestPlan): Sent {
    const names = this.requestedNames(request);
    return {
      method: 'OPTIONS',
      target: request.target,
      headers: {
        ...(request.host === undefined ? {} : { Host: request.host }),
        Origin: request.origin,
        'Access-Control-Request-Method': request.method,
        ...(names.length === 0 ? {} : { 'Access-Control-Request-Headers': names.join(',') }),
      },
    };
  }
}
