/** What a script sees of a response beside its status, headers and body. */
export interface ResponseFacts {
  readonly type: 'basic' | 'cors' | 'opaque' | 'opaqueredirect';
  /** Without a fragment. */
  readonly url: string;
  readonly redirected: boolean;
}

/** The response as the script sees it: `headers` are those that it may read. */
export function readableResponse(
  body: BodyInit | null,
  init: ResponseInit & { readonly status: number },
  facts: ResponseFacts,
): Response {
  const { status } = init;
  // The constructor refuses statuses that servers can send.
  return status >= 200 && status <= 599
    ? withFacts(new Response(body, init), facts)
    : withFacts(new Response(body, { ...init, status: 599 }), { ...facts, status });
}

/**
 * A response that tells the script nothing.
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response-opaque
 */
export function filteredResponse(type: 'opaque' | 'opaqueredirect', url: string): Response {
  return readableResponse(null, { status: 0, statusText: '' }, { type, url, redirected: false });
}

/** Sets properties that only browsers can set, on the response and on its clones. */
function withFacts(response: Response, facts: ResponseFacts & { readonly status?: number }): Response {
  const clone = () => withFacts(Response.prototype.clone.call(response), facts);
  for (const [name, value] of Object.entries({ ...facts, clone })) {
    Object.defineProperty(response, name, { value, configurable: true });
  }
  return response;
}
