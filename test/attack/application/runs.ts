/** This header tells a handler the number of its request. A page says `?row=` in the URL, because it cannot add headers. */
export const REQUEST_NUMBER = 'x-request-number';
/** The header that guarded handlers require. */
export const KEY_HEADER = 'x-key';

/** The part of a request that handlers read on both platforms. */
export interface NumberedRequest {
  readonly headers: Record<string, string | undefined>;
  readonly url: string;
}

/** The handlers that each request reached and ran, by its number. */
export class Runs {
  readonly #reached = new Map<string, string>();
  readonly #ran = new Map<string, string[]>();

  /** Called by the guard of a handler or by the handler itself. */
  reached(request: NumberedRequest, label: string): void {
    this.#reached.set(numberOf(request), label);
  }

  ran(request: NumberedRequest, label: string): void {
    this.reached(request, label);
    this.#ran.set(numberOf(request), [...(this.#ran.get(numberOf(request)) ?? []), label]);
  }

  /** The results of a request. They are removed. */
  take(number: string): { readonly reached: string | undefined; readonly ran: readonly string[] } {
    const result = { reached: this.#reached.get(number), ran: this.#ran.get(number) ?? [] };
    this.#reached.delete(number);
    this.#ran.delete(number);
    return result;
  }
}

function numberOf({ headers, url }: NumberedRequest): string {
  return headers[REQUEST_NUMBER] ?? /[?&]row=([^&]+)/.exec(url)?.[1] ?? 'none';
}
