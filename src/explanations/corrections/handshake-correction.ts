import type { RefusedHandshake } from '../../http/reports/request-reports.js';
import { MODULE_TARGET } from '../../policy/policy-source.js';
import { type Correction, inWords, type RefusedRequest } from './correction.js';
import { correctUntouched } from './opening-correction.js';

const WITHOUT_ORIGIN = 'The policy has no `origin`, so pages of other origins may not open WebSockets.';

/** The correction for a refused WebSocket handshake, where it differs from the correction for a request. */
export function correctHandshake(refused: RefusedRequest, { trustProxy }: RefusedHandshake): Correction | undefined {
  if (trustProxy !== undefined) {
    return inWords(
      'The page has the host of this server, but it was loaded over https:, and the platform says that the handshake came over http:.',
      `If a proxy terminates TLS, make the platform trust the address of the proxy: \`${trustProxy}\`.`,
    );
  }
  switch (refused.reason) {
    case 'no-origin':
      return inWords(
        'The client sends no Origin, and either `requireOrigin` is set or it polls by JSONP.',
        'Browsers send it with WebSockets, and with requests to another origin. If other clients should connect, leave `requireOrigin` out.',
      );
    case 'no-policy':
      return refused.target === MODULE_TARGET
        ? inWords(
            WITHOUT_ORIGIN,
            'If the page should have access, set `origin` in CorsModule, or write `@Cors({ origin })` on the gateway.',
          )
        : { ...correctUntouched(refused), why: WITHOUT_ORIGIN };
    default:
      return undefined;
  }
}
