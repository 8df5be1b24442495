/** The header by which a handler knows which request it runs for. */
export const REQUEST_NUMBER = 'x-request-number';
/** What a guarded handler asks for. */
export const KEY_HEADER = 'x-key';

/** The part of a request that a handler looks at; that of every platform. */
export interface NumberedRequest {
  readonly headers: Record<string, string | undefined>;
}

/** What requests set off, by their numbers. */
export class Runs {
  readonly #reached = new Map<string, string>();
  readonly #ran = new Map<string, string[]>();

  /** A guard of a handler, or the handler itself, took the request. */
  reached(request: NumberedRequest, label: string): void {
    this.#reached.set(numberOf(request), label);
  }

  ran(request: NumberedRequest, label: string): void {
    this.reached(request, label);
    this.#ran.set(numberOf(request), [...(this.#ran.get(numberOf(request)) ?? []), label]);
  }

  /** What a request set off; asked once. */
  take(number: string): { readonly reached: string | undefined; readonly ran: readonly string[] } {
    const result = { reached: this.#reached.get(number), ran: this.#ran.get(number) ?? [] };
    this.#reached.delete(number);
    this.#ran.delete(number);
    return result;
  }
}

function numberOf({ headers }: NumberedRequest): string {
  return headers[REQUEST_NUMBER] ?? 'none';
}
