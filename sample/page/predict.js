// What a browser does with a request before it sends it, as the Fetch standard has it.

const SIMPLE_METHODS = new Set(['GET', 'HEAD', 'POST']);
const SIMPLE_TYPES = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);
const SIMPLE_HEADERS = new Set(['accept', 'accept-language', 'content-language']);

/**
 * Why the browser asks for permission before sending a request.
 *
 * @param {{ method: string, headers?: Record<string, string> }} request
 * @returns {string[]} the reasons, empty where it does not ask
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
