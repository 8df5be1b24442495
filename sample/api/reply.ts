/** The methods that Express's response and Fastify's reply share, so that a controller runs on both platforms. */
export interface Reply {
  header(name: string, value: string): unknown;
}
