// Predicts what a browser does before it sends a request, as the Fetch standard says.

const SIMPLE_METHODS = new Set(['GET', 'HEAD', 'POST']);
const SIMPLE_TYPES = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);
const SIMPLE_HEADERS = new Set(['accept', 'accept-language', 'content-language']);

/**
 * Why the browser sends a preflight before a request.
 *
 * @param {{ method: string, headers?: Record<string, string> }} request
 * @returns {string[]} the reasons; empty for a request without a preflight
 */
export function reasonsToPreflight({ method, headers = {} }) {
  const reasons = SIMPLE_METHODS.has(method) ? [] : [`the method ${method}`];
  for (const [name, value] of Object.entries(headers)) {
    const simple =
      SIMPLE_HEADERS.has(name.toLowerCase()) || (name.toLowerCase() === 'content-type' && SIMPLE_TYPES.has(value));
    if (!simple) {
      reasons.push(name.toLowerCase() === 'content-type' ? `Content-Type: ${value}` : `the header ${name}`);
    }
  }
  return reasons;
}
