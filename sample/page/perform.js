// Sends one request and notes what the browser let this page read.

/** Longest body that is shown, in characters. */
const LONGEST_BODY = 400;

/**
 * @param {string} api the API's origin
 * @param {object} request an entry of requests.json
 * @returns {Promise<object>} the result, as `window.results` has it
 */
export async function perform(api, request) {
  // What is left from before is not of this request.
  await whatTheApiSaw();
  const reading = await fetchAndRead(api + fill(request.path, encodeURIComponent), request);
  return { id: request.id, ...reading, api: await whatTheApiSaw() };
}

/** Puts this page's origin where a text has `{origin}`. */
export function fill(text, encode = (value) => value) {
  return text.replaceAll('{origin}', encode(location.origin));
}

async function fetchAndRead(url, { method, headers, body, credentials = 'omit', stream }) {
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : fill(body),
      credentials,
      cache: 'no-store',
    });
    const text = stream ? await readEvents(response) : await response.text();
    return {
      outcome: 'read',
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: text.slice(0, LONGEST_BODY),
    };
  } catch (error) {
    // All a page learns is a TypeError: not the status, not the reason.
    return { outcome: 'blocked', error: String(error) };
  }
}

/** Reads a stream to its end, and counts the pieces it came in. */
async function readEvents(response) {
  const decoder = new TextDecoder();
  let text = '';
  let pieces = 0;
  for (const reader = response.body.getReader(); ; pieces += 1) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    text += decoder.decode(value, { stream: true });
  }
  const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data);
  return `${events.length} events in ${pieces} pieces: ${events.join(' ')}`;
}

/** Asks this page's own server, which shares a process with the API, what arrived there. */
async function whatTheApiSaw() {
  return fetch('/seen.json').then((response) => response.json());
}
