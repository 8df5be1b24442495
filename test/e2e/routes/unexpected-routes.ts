import { Module, type NestModule } from '@nestjs/common';
import { CorsModule, type CorsModuleOptions } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import {
  observe,
  PLATFORMS,
  type Platform,
  type RootModule,
  type StartOptions,
  startApp,
} from '../../support/platforms.js';
import { APP } from '../../support/policy-statement.js';
import { RecordedLog } from '../../unit/boot/boot.js';

export const [EXPRESS, FASTIFY] = PLATFORMS as [Platform, Platform];
export const spy = new HandlerSpy();

/** An application whose routes change between the compilation of its policies and their registration. */
export function movingApplication(
  controllers: RootModule[],
  move: () => void,
  options: CorsModuleOptions = { origin: APP },
): RootModule {
  @Module({})
  class MovingModule implements NestModule {
    configure(): void {
      move();
    }
  }

  @Module({ imports: [CorsModule.forRoot(options), MovingModule], controllers })
  class ApplicationModule {}
  return ApplicationModule;
}

/** Starts an application, sends requests to it, and stops it. */
export async function withApplication(
  platform: Platform,
  module: RootModule,
  use: (
    ask: (method: string, path: string, origin: string, extra?: object) => Promise<unknown[]>,
    log: RecordedLog,
  ) => Promise<void>,
  options: StartOptions = {},
): Promise<void> {
  const log = new RecordedLog();
  const application = { logger: log, ...options.application };
  const running = await startApp(platform, module, { ...options, application });
  const { outcome } = observe(() => running, spy);
  try {
    await use(async (method, path, origin, extra) => {
      const { status, headers, ran } = await outcome({ method, path, headers: { Origin: origin, ...extra } });
      return [status, headers['access-control-allow-origin'], ...ran];
    }, log);
  } finally {
    await running.close();
  }
}

/** The warning about a compiled route that Nest did not register. */
export function notRegistered(route: string): string {
  return (
    `The route ${route} has no CORS policy, because Nest did not register it. If another handler serves its URL, ` +
    'the policy of that handler applies, otherwise that of `paths` or of CorsModule.forRoot().'
  );
}

/** The errors and warnings about routes. */
export function saidOfRoutes({ errors, warnings }: RecordedLog): string[] {
  return [...errors, ...warnings.filter((line) => line.startsWith('The route'))];
}

/** Replaces the methods of a controller with functions without metadata. */
export function bound<Instance extends object>(instance: Instance, names: readonly string[]): Instance {
  const methods = instance as Record<string, (...values: unknown[]) => unknown>;
  for (const name of names) {
    methods[name] = (methods[name] as (...values: unknown[]) => unknown).bind(instance);
  }
  return instance;
}
