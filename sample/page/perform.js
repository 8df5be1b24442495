// Sends one request and notes what the browser let this page read.

/** Longest body that is shown, in characters. */
const LONGEST_BODY = 400;

/**
 * @param {string} api the API's origin
 * @param {object} request an entry of requests.json
 * @returns {Promise<object>} the result, as `window.results` has it
 */
export async function perform(api, request) {
  // Earlier requests may have left entries in the log.
  await whatTheApiSaw();
  const reading = await fetchAndRead(api + fill(request.path, encodeURIComponent), request);
  return { id: request.id, ...reading, api: await whatTheApiSaw() };
}

/** Asks the API for the explanation of a request, through this page's own server. Nothing is sent to a handler. */
export async function explain(api, { method, path, headers, credentials }) {
  const url = api + fill(path, encodeURIComponent);
  const request = { method, url, headers, credentials: credentials === 'include' };
  const query = new URLSearchParams({ request: JSON.stringify(request) });
  return fetch(`/explanation.txt?${query}`).then((response) => response.text());
}

/** Replaces `{origin}` in a text by the origin of this page. */
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
    // The page gets only a TypeError, without the status and the reason.
    return { outcome: 'blocked', error: String(error) };
  }
}

/** Reads a stream to its end, and counts its chunks. */
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

/** Gets the requests that reached the API from this page's own server, which runs in the same process as the API. */
async function whatTheApiSaw() {
  return fetch('/seen.json').then((response) => response.json());
}
