import type { Exchange } from './exchange.js';

/**
 * The property of a response in which an application notes that it decided about it. An outer application then leaves
 * the response alone. A registered symbol: the two applications may use two copies of the package.
 */
const DECIDED = Symbol.for('nestjs-cors.decided');

interface Decided {
  /** The response key of the application that decided: no two applications have the same. */
  readonly by: symbol;
  /** The mount path of that application, as the client requested it. */
  readonly path: string;
}

/** Notes that an application decided about a response; the innermost one counts. */
export function noteDecision({ response, clientUrl, url }: Exchange, key: symbol): void {
  const noted = response as { [DECIDED]?: Decided | undefined };
  noted[DECIDED] ??= { by: key, path: mountPath(clientUrl, url) };
}

/** Removes the note: the application passed the request on to the outer one. */
export function forgetDecision(response: object): void {
  (response as { [DECIDED]?: Decided | undefined })[DECIDED] = undefined;
}

/** The mount path of the nested application that decided about a response; `undefined` if none did. */
export function decidedBelow(response: object, key: symbol): string | undefined {
  const decided = (response as { readonly [DECIDED]?: Decided | undefined })[DECIDED];
  return decided === undefined || decided.by === key ? undefined : decided.path;
}

/** The part of the client's path that is missing from the URL that an application received. */
function mountPath(clientUrl: string, url: string): string {
  const full = pathOf(clientUrl);
  const own = pathOf(url);
  const path = full.endsWith(own) ? full.slice(0, full.length - own.length) : own === '/' ? full : '';
  return path === '' ? '/' : path;
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
