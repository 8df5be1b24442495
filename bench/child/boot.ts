// Boots one application and says what that took.

import type { CorsRuntime } from '../../src/module/cors-runtime.js';
import { createApplication, declareModule, initialise, newAdapter } from './application.js';
import { bootPartsOf } from './boot-parts.js';
import type { ApplicationPlan } from './plan.js';
import { Profiler } from './profile.js';
import { serveCommands } from './serve-commands.js';

const RUNTIME = Symbol.for('nestjs-cors.runtime');

serveCommands({
  async boot({ plan, profiled }: { plan: ApplicationPlan; profiled: boolean }) {
    const module = declareModule(plan);
    await newAdapter(plan.platform); // loads the platform
    const profiler = profiled ? new Profiler() : undefined;
    await profiler?.start();
    const started = performance.now();
    const before = process.cpuUsage();
    const app = await createApplication(plan, module);
    await initialise(plan, app);
    const { user, system } = process.cpuUsage(before);
    const elapsed = performance.now() - started;
    const runtime = plan.peer === 'ours' ? app.get<CorsRuntime>(RUNTIME, { strict: false }) : undefined;
    const policies = new Set(runtime?.application?.routes.entries.map(({ policy }) => policy)).size;
    const parts = profiler === undefined ? undefined : bootPartsOf(await profiler.stop());
    return { cpu: (user + system) / 1000, elapsed, policies, parts };
  },
});
