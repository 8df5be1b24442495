/** The matchers that `expect.extend(corsMatchers)` adds to `expect(page)`. */
export interface CorsMatchers {
  /**
   * Passes if the page can read the response, whatever its status: with the right headers a 500 is readable too.
   * An empty response is not, for example one with `mode: 'no-cors'`.
   */
  toRead(path: string | URL, init?: RequestInit): Promise<void>;
  /**
   * Passes if a browser refuses the request or its response. Fails if no response arrives, and for arguments that
   * `fetch` refuses: both say nothing about CORS.
   */
  toBeBlockedFrom(path: string | URL, init?: RequestInit): Promise<void>;
  /**
   * Passes if the page can read a header of the response. A failure says whether the browser blocks the response, the
   * header is absent, or `exposedHeaders` does not list it.
   * @param name in upper or lower case
   */
  toSeeHeader(path: string | URL, name: string, init?: RequestInit): Promise<void>;
}

declare global {
  // Jest with @types/jest, and Vitest, which has these matchers too.
  namespace jest {
    interface Matchers<R, T> extends CorsMatchers {}
  }
}

// Jest with @jest/globals. In declarations, the compiler ignores it where the package is not installed.
// biome-ignore lint/suspicious/noTsIgnore: it is not a dependency of this project, and can be installed all the same
// @ts-ignore
declare module 'expect' {
  interface Matchers<R, T> extends CorsMatchers {}
}
