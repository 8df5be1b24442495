/** One request as a page makes it. Everything here is data, because it is sent to the page. */
export interface PageRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly credentials?: RequestCredentials;
  readonly mode?: RequestMode;
  readonly redirect?: RequestRedirect;
  /** Names of response headers to report. */
  readonly show?: readonly string[];
  /** Reads the body piece by piece, and fetches this address once the first piece is there. */
  readonly continueAt?: string;
  /** How it is made; `fetch` unless told. A form is posted into a frame. */
  readonly by?: 'fetch' | 'form' | 'upload';
}
