import type { RequestState } from './response-state.js';

/**
 * The property of a response in which an application notes that it decided about it. An application around it then leaves
 * the response alone. A registered symbol: the two applications may use two copies of the package.
 */
const DECIDED = Symbol.for('nestjs-cors.decided');

interface Decided {
  /** The slot of the application that decided: no two applications have the same. */
  readonly by: symbol;
  /** The mount path of that application, as the client requested it. */
  readonly path: string;
}

/** Notes that an application decided about a response; the innermost one counts. */
export function noteDecision(response: object, slot: symbol, state: RequestState): void {
  const noted = response as { [DECIDED]?: Decided | undefined };
  noted[DECIDED] ??= { by: slot, path: mountPath(state) };
}

/** Takes the note back: the application passed the request on to the one around it. */
export function forgetDecision(response: object): void {
  (response as { [DECIDED]?: Decided | undefined })[DECIDED] = undefined;
}

/** The mount path of the application that decided about a response; `undefined` if no other application did. */
export function decidedBelow(response: object, slot: symbol): string | undefined {
  const decided = (response as { readonly [DECIDED]?: Decided | undefined })[DECIDED];
  return decided === undefined || decided.by === slot ? undefined : decided.path;
}

/** The part of the requested path that is missing from the URL that an application received. */
function mountPath({ askedUrl, url }: RequestState): string {
  const asked = pathOf(askedUrl);
  const own = pathOf(url);
  const path = asked.endsWith(own) ? asked.slice(0, asked.length - own.length) : own === '/' ? asked : '';
  return path === '' ? '/' : path;
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
