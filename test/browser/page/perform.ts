import type { PageRequest } from './page-request.js';

/**
 * Makes requests one after the other, and describes what the page could read of each: `200 list`, `200 list x-total=12
 * x-hidden=-`, `opaque`, `opaqueredirect`, `blocked`, or JSON if all headers are shown.
 *
 * Sent to the page as source text, so it must contain everything that it uses.
 */
export async function perform(requests: readonly PageRequest[]): Promise<string[]> {
  const PATIENCE = 8_000;

  async function makeFetch({ url, show = [], showAll, continueAt, by: _, ...init }: PageRequest): Promise<string> {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE) });
    if (response.type === 'opaque' || response.type === 'opaqueredirect') {
      // An opaque response must have no body and no headers.
      return `${response.type}${await response.text()}${[...response.headers.keys()].join()}`;
    }
    const body = continueAt === undefined ? await response.text() : await readPieces(response, continueAt);
    if (showAll) {
      return JSON.stringify({ status: response.status, body, headers: [...response.headers] });
    }
    const headers = show.map((name) => ` ${name}=${response.headers.get(name) ?? '-'}`).join('');
    return `${response.status} ${shorten(body)}`.trimEnd() + headers;
  }

  async function readPieces(response: Response, continueAt: string): Promise<string> {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: '' };
      if (done) {
        return text.replaceAll(' ', '');
      }
      if (text === '') {
        await fetch(continueAt);
        text = `${value.trim()}|`;
      } else {
        text += value;
      }
    }
  }

  /** Replaces an error body with its message. */
  function shorten(body: string): string {
    const text = body.startsWith('{') ? String(JSON.parse(body).message) : body;
    return text.replace(/\?row=\S*/, '');
  }

  function makeUpload({ url, method = 'POST', body }: PageRequest): Promise<string> {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      request.timeout = PATIENCE;
      request.upload.onprogress = () => undefined;
      request.onload = () => resolve(`${request.status} ${shorten(request.responseText)}`);
      request.onerror = () => resolve('blocked');
      request.ontimeout = () => resolve('timed out');
      request.send(body);
    });
  }

  function makeForm({ url, method = 'POST', body = '' }: PageRequest): Promise<string> {
    return new Promise((resolve) => {
      const frame = document.createElement('iframe');
      const form = document.createElement('form');
      frame.name = `frame-${Math.random()}`;
      Object.assign(form, { action: url, method, target: frame.name });
      for (const [name, value] of new URLSearchParams(body)) {
        const field = document.createElement('input');
        Object.assign(field, { type: 'hidden', name, value });
        form.append(field);
      }
      const finish = (text: string) => {
        clearTimeout(deadline);
        frame.remove();
        form.remove();
        resolve(text);
      };
      const deadline = setTimeout(() => finish('timed out'), PATIENCE);
      frame.addEventListener('load', () => {
        // Browsers differ in whether the initial empty document of a frame fires a load event.
        if (frame.contentDocument?.location.href !== 'about:blank') {
          finish('submitted');
        }
      });
      document.body.append(frame, form);
      form.submit();
    });
  }

  function makeImage({ url }: PageRequest): Promise<string> {
    return new Promise((resolve) => {
      const image = new Image();
      image.onload = () => resolve('loaded');
      image.onerror = () => resolve('blocked');
      image.src = url;
    });
  }

  const makers = { fetch: makeFetch, form: makeForm, upload: makeUpload, image: makeImage };
  const readings: string[] = [];
  for (const request of requests) {
    try {
      readings.push(await makers[request.by ?? 'fetch'](request));
    } catch (error) {
      const { name, message } = error as Error;
      readings.push(name === 'TypeError' ? 'blocked' : name === 'TimeoutError' ? 'timed out' : `${name}: ${message}`);
    }
  }
  return readings;
}

/** Runs a function such as {@link perform} in a sandboxed frame, whose origin is `null`. */
export function performInSandbox<Reading = string>({
  source,
  requests,
}: {
  /** The function as source text. */
  source: string;
  requests: readonly object[];
}): Promise<Reading[]> {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    addEventListener('message', function listen(event) {
      if (event.source === frame.contentWindow) {
        removeEventListener('message', listen);
        frame.remove();
        resolve(event.data);
      }
    });
    frame.srcdoc = `<!doctype html><script>(${source})(${JSON.stringify(requests).replaceAll('<', '\\u003c')})
      .then((readings) => parent.postMessage(readings, '*'));</script>`;
    document.body.append(frame);
  });
}
