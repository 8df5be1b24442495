/** What Express's response and Fastify's reply have in common, so that a controller runs on both. */
export interface Reply {
  header(name: string, value: string): unknown;
}
