import { type CorsExplanation, CorsService } from 'nestjs-cors';
import { pickCorsHeaders } from '../../support/cors-headers.js';
import type { GeneratedApp } from '../applications/build-application.js';
import type { RequestClient } from '../request-client.js';
import type { Tally } from '../tally.js';
import { browse, type SeenByBrowser } from './browser-model.js';
import type { GeneratedPageRequest } from './page-request.js';

/** Compares an explanation with the real request, and notes every disagreement. */
export async function compareExplanation(
  app: GeneratedApp,
  client: RequestClient,
  request: GeneratedPageRequest,
  tally: Tally,
): Promise<CorsExplanation> {
  const explanation = await app.running.app.get(CorsService).explain(request);
  const seen = await browse(client, app, request);
  const wrong = Object.entries(expected(explanation, seen)).filter(
    ([name, value]) => JSON.stringify(explained(explanation)[name]) !== JSON.stringify(value),
  );
  if (wrong.length > 0) {
    const differences = wrong.map(
      ([name, value]) => `${name}: ${JSON.stringify(explained(explanation)[name])} instead of ${JSON.stringify(value)}`,
    );
    tally.disagreements.push(`${JSON.stringify(request)}: ${differences.join('; ')}\n${explanation}`);
  }
  tally.cases++;
  tally.count(explanation.reason);
  tally.count(`step: ${explanation.step}`);
  tally.count(`readable: ${explanation.readable}`);
  for (const reason of explanation.next) {
    tally.count(`next: ${reason}`);
  }
  if (explanation.target.startsWith('paths ')) {
    tally.count('in paths');
  }
  return explanation;
}

function explained({
  readable,
  step,
  reason,
  handler,
  preflight,
  response,
}: CorsExplanation): Readonly<Record<string, unknown>> {
  return {
    readable,
    step,
    allowed: reason === 'allowed',
    handler,
    preflighted: preflight.needed,
    preflight: preflight.status,
    preflightHeaders: sorted(preflight.headers),
    response: sorted(pickCorsHeaders(Object.entries(response.headers)) as Record<string, string>),
  };
}

/** The facts that a browser and the handlers show. */
function expected(
  { reason, preflight, readable, step, handler }: CorsExplanation,
  seen: SeenByBrowser,
): Readonly<Record<string, unknown>> {
  const isPassedOn = preflight.needed && preflight.status === undefined;
  // An untouched route may have CORS headers of other code, so nothing is claimed about it.
  const isUnclaimed = reason === 'no-policy' && readable === undefined;
  return {
    readable: isUnclaimed ? undefined : seen.step === undefined,
    step: isUnclaimed ? undefined : seen.step,
    allowed: !isUnclaimed && seen.step === undefined,
    // A refused preflight may be about another handler, if the version is not known.
    handler: step === 'preflight' && handler !== seen.reached.target ? handler : seen.reached.target,
    preflighted: seen.preflight !== undefined,
    preflight: isPassedOn ? undefined : seen.preflight?.status,
    preflightHeaders: isPassedOn ? {} : sorted(seen.preflight?.headers ?? {}),
    response: sorted(seen.response as Record<string, string>),
  };
}

function sorted(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).sort(([one], [other]) => (one < other ? -1 : 1)));
}
