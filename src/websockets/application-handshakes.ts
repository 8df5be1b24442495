import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { CORS_RUNTIME, isCorsRuntime } from '../boot/metadata/tokens.js';
import type { Handshakes } from '../http/handshake/handshakes.js';

/**
 * Finds the object that decides about the handshakes of an application. `app.get(CORS_RUNTIME)` would end the process
 * if there is none, because Nest exits on an error in a method of the application.
 *
 * @param adapter the name of the adapter, for the message
 * @throws Error if the application does not import CorsModule
 */
export function handshakesOf(app: INestApplicationContext, adapter: string): Handshakes {
  const modules = [...app.get(ModulesContainer, { strict: false }).values()];
  const runtime = modules.map(({ providers }) => providers.get(CORS_RUNTIME)?.instance).find(isCorsRuntime);
  if (runtime === undefined) {
    throw new Error(
      `${adapter} finds no policies, because no module of this application imports CorsModule. Import it once, in the ` +
        "root module: @Module({ imports: [CorsModule.forRoot({ origin: ['https://app.example.com'] })] })",
    );
  }
  const { handshakes } = runtime as { readonly handshakes: Handshakes };
  handshakes.serve();
  return handshakes;
}
