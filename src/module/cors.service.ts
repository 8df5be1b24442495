import { Inject, Injectable } from '@nestjs/common';
import { OriginResolverService } from './origin-resolver.service.js';

/** Tells the application what its own CORS policies allow. */
@Injectable()
export class CorsService {
  readonly #origins: OriginResolverService;

  /** @internal */
  constructor(@Inject(OriginResolverService) origins: OriginResolverService) {
    this.#origins = origins;
  }

  /**
   * Whether a policy allows an origin, for example the origin of a WebSocket handshake in a gateway.
   *
   * @param origin as browsers send it, for example `https://app.example.com`
   * @param policyName a named policy; the application-wide policy by default. Policies of handlers have no name.
   * @returns true for every text if the policy allows `'*'`; false if it has no origin
   * @throws Error for an unknown policy name, and before the application is initialised
   */
  isOriginAllowed(origin: string, policyName?: string): Promise<boolean> {
    return this.#origins.resolve(origin, policyName);
  }
}
