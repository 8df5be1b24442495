import type { INestApplication } from '@nestjs/common';
import { CORS_RUNTIME, isCorsRuntime } from '../boot/metadata/tokens.js';
import type { PageRequest } from '../browser/page-request.js';
import type { CorsExplanation } from '../explanations/cors-explanation.js';
import { explain } from '../explanations/explain.js';
import type { ExplainedApplication } from '../explanations/explained-request.js';
import { quoteValue } from '../validation/problems/quote-value.js';

/**
 * Explains a request as `CorsService.explain()` of an application does. `undefined` without `CorsModule`, and for a
 * request that no page can make.
 */
export async function explainIn(app: INestApplication, request: PageRequest): Promise<CorsExplanation | undefined> {
  const explained = explainedApplication(app);
  if (explained === undefined || request.mode !== 'cors') {
    return undefined;
  }
  const { origin, url, method, credentials } = request;
  const headers = Object.fromEntries(request.headers.map(({ name, value }) => [name, value]));
  return explain(explained, { origin, url, method, credentials, headers }).catch(() => undefined);
}

export function hasCorsModule(app: INestApplication): boolean {
  return explainedApplication(app) !== undefined;
}

/** What to change in an application without `CorsModule`. */
export function missingModule(origin: string): string {
  const options = origin === 'null' ? '' : `{ origin: ${quoteValue(origin)} }`;
  return `Change: The application does not import \`CorsModule\`. If the page should have access, write \`CorsModule.forRoot(${options})\` in the \`imports\` of the root module.`;
}

function explainedApplication(app: INestApplication): ExplainedApplication | undefined {
  try {
    const runtime = app.get<{ readonly explained: ExplainedApplication }>(CORS_RUNTIME, { strict: false });
    return isCorsRuntime(runtime) ? runtime.explained : undefined;
  } catch {
    return undefined; // Nest throws if nothing provides the token.
  }
}
