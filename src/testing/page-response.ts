/** What a script sees of a response beside its status, headers and body. */
export interface ResponseFacts {
  readonly type: 'basic' | 'cors' | 'opaque' | 'opaqueredirect';
  /** Without a fragment. */
  readonly url: string;
  readonly redirected: boolean;
}

/** The response as the script sees it: `headers` are those that it may read. */
export function readableResponse(body: BodyInit | null, init: ResponseInit, facts: ResponseFacts): Response {
  return withFacts(new Response(body, init), facts);
}

/**
 * A response that tells the script nothing.
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response-opaque
 */
export function filteredResponse(type: 'opaque' | 'opaqueredirect', url: string): Response {
  // The constructor refuses the status 0.
  return withFacts(new Response(null), { type, url, redirected: false, status: 0, ok: false });
}

/** Sets properties that only browsers can set, on the response and on its clones. */
function withFacts(response: Response, facts: ResponseFacts & { readonly status?: 0; readonly ok?: false }): Response {
  const clone = () => withFacts(Response.prototype.clone.call(response), facts);
  for (const [name, value] of Object.entries({ ...facts, clone })) {
    Object.defineProperty(response, name, { value, configurable: true });
  }
  return response;
}
