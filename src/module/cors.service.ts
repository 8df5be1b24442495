import { Inject, Injectable } from '@nestjs/common';
import { OriginResolverService } from './origin-resolver.service.js';

/** Answers questions of the application about its own CORS. */
@Injectable()
export class CorsService {
  readonly #origins: OriginResolverService;

  /** @internal */
  constructor(@Inject(OriginResolverService) origins: OriginResolverService) {
    this.#origins = origins;
  }

  /**
   * Whether a policy allows an origin, for example to check an Origin in a WebSocket gateway.
   *
   * @param origin as browsers send it, for example `https://app.example.com`
   * @param policyName a named policy; the application-wide one by default. Policies of handlers have no name.
   * @returns true for any text where the policy allows `'*'`; false where it has no origin
   * @throws Error for an unknown policy name, or before the application is initialised
   */
  isOriginAllowed(origin: string, policyName?: string): Promise<boolean> {
    return this.#origins.resolve(origin, policyName);
  }
}
