import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { HandshakeRequest } from '../http/handshake/handshake-request.js';
import type { Handshakes } from '../http/handshake/handshakes.js';
import { handshakesOf } from './application-handshakes.js';
import type { CorsAdapterOptions } from './cors-adapter-options.js';

/** The callback of `verifyClient`. */
type Answer = (verified: boolean, status?: number) => void;
type VerifyClient = (info: { readonly req: HandshakeRequest }, answer: Answer) => unknown;

/**
 * Checks the handshakes of gateways on `ws` with the CORS policies. A page of another origin that the policy does not
 * allow gets 403. Gateways with the same port and path share a server, so all of their policies must allow the page. The
 * gateway's own `verifyClient` is called afterwards.
 *
 * Pages of the server's own origin are always allowed. So are clients without an Origin, which are not browsers, unless
 * `requireOrigin` is set.
 *
 * @example
 * ```ts
 * app.useWebSocketAdapter(new CorsWsAdapter(app));
 * ```
 */
export class CorsWsAdapter extends WsAdapter {
  readonly #handshakes: Handshakes;
  readonly #options: CorsAdapterOptions;

  /**
   * @param options those of `WsAdapter` too
   * @throws Error if the application does not import CorsModule, or `@nestjs/platform-ws` is not installed
   */
  constructor(
    app: INestApplicationContext,
    options: CorsAdapterOptions & ConstructorParameters<typeof WsAdapter>[1] = {},
  ) {
    super(app, options);
    this.#handshakes = handshakesOf(app, 'CorsWsAdapter');
    this.#options = options;
  }

  /** Creates a server as `WsAdapter` does, and checks its handshakes. */
  override create(...[port, options = {}]: Parameters<WsAdapter['create']>): ReturnType<WsAdapter['create']> {
    const { path, verifyClient } = options;
    return super.create(port, {
      ...options,
      // `ws` calls a function of two parameters with a callback.
      verifyClient: (info: { readonly req: HandshakeRequest }, answer: Answer) => {
        this.#verify(port, path, info, answer, verifyClient).catch((error) => {
          this.logger.error(error); // thrown by the gateway's own function
          answer(false, 500);
        });
      },
    });
  }

  async #verify(
    port: number,
    path: string | undefined,
    info: { readonly req: HandshakeRequest },
    answer: Answer,
    own: VerifyClient | undefined,
  ): Promise<void> {
    const gateways = this.#handshakes.gatewaysOf(port, path);
    const { allowed } = await this.#handshakes.checkEvery(info.req, gateways, this.#options);
    if (!allowed) {
      answer(false, 403);
    } else if (own?.length === 2) {
      await own(info, answer);
    } else {
      answer(own === undefined || Boolean((own as (one: typeof info) => unknown)(info)));
    }
  }
}
