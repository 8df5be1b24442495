/** One request of a page, as plain data, because it is sent to the page. */
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
  /** Reports status, body and all headers as JSON. */
  readonly showAll?: boolean;
  /** Reads the body in parts, and fetches this address after the first part. */
  readonly continueAt?: string;
  /** How it is made; `fetch` by default. A form is posted into a frame. */
  readonly by?: 'fetch' | 'form' | 'upload' | 'image';
}
