import type { RawResponse } from '../support/requests/http-message.js';
import { RawConnection, type RawRequest } from '../support/requests/raw-request.js';
import type { Tally } from './tally.js';

/** Sends requests one after the other on one connection, and reconnects when the server closes it. */
export class RequestClient {
  #connection: RawConnection | undefined;
  readonly #port: number;
  readonly #tally: Tally;

  constructor(port: number, tally: Tally) {
    this.#port = port;
    this.#tally = tally;
  }

  async send(request: RawRequest): Promise<RawResponse> {
    this.#tally.requests++;
    this.#connection ??= await RawConnection.open({ port: this.#port });
    try {
      this.#connection.send(request);
      const response = await this.#connection.receive();
      if (response.headerLines.some(([name, value]) => name.toLowerCase() === 'connection' && value === 'close')) {
        this.close();
      }
      return response;
    } catch (error) {
      this.close();
      throw new Error(`${request.method} ${request.path}: ${(error as Error).message}`);
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }
}
