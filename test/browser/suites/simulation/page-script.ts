import type { CaseBody, CaseRequest } from './case.js';

/** What the script of a page sees of one request. */
export interface Outcome {
  /** The name of the error, if `fetch` rejects. */
  readonly error?: string;
  readonly type?: string;
  readonly status?: number;
  readonly statusText?: string;
  readonly url?: string;
  readonly redirected?: boolean;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** Only `openPage` tells it. */
  readonly blocked?: { readonly code?: string; readonly step: string; readonly parameter?: string };
}

/** A request with its absolute URL. */
export type ReadyRequest = Omit<CaseRequest, 'to' | 'fragment'> & { readonly url: string };

/**
 * Makes requests one after the other, in a browser and with `openPage`.
 *
 * Sent to the page as source text, so it must contain everything that it uses.
 */
export async function makeRequests(
  requests: readonly ReadyRequest[],
  fetchAs: (url: string, init: RequestInit) => Promise<Response> = (url, init) => fetch(url, init),
): Promise<Outcome[]> {
  function bodyOf({ kind, text, type }: CaseBody): BodyInit {
    switch (kind) {
      case 'parameters':
        return new URLSearchParams(text);
      case 'form': {
        const form = new FormData();
        form.append('field', text);
        return form;
      }
      case 'blob':
        return new Blob([text], { type });
      case 'bytes':
        return new TextEncoder().encode(text);
      default:
        return text;
    }
  }

  const outcomes: Outcome[] = [];
  for (const { url, body, headers, ...init } of requests) {
    try {
      const response = await fetchAs(url, {
        ...init,
        headers: headers as [string, string][],
        ...(body && { body: bodyOf(body) }),
      });
      outcomes.push({
        type: response.type,
        status: response.status,
        statusText: response.statusText,
        url: response.url,
        redirected: response.redirected,
        headers: [...response.headers],
        body: await response.text().catch((error: Error) => `unreadable: ${error.name}`),
      });
    } catch (error) {
      const { name, cors } = error as Error & { cors?: Outcome['blocked'] };
      outcomes.push({
        error: name,
        ...(cors && { blocked: { code: cors.code, step: cors.step, parameter: cors.parameter } }),
      });
    }
  }
  return outcomes;
}
