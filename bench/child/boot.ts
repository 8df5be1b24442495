// Boots one application and says what that took.

import type { CorsRuntime } from '../../src/module/cors-runtime.js';
import { CORS_RUNTIME } from '../../src/module/tokens.js';
import { createApplication, initialise } from './application.js';
import type { ApplicationPlan } from './plan.js';
import { serveCommands } from './serve-commands.js';

serveCommands({
  async boot({ plan }: { plan: ApplicationPlan }) {
    const started = performance.now();
    const before = process.cpuUsage();
    const app = await createApplication(plan);
    await initialise(plan, app);
    const { user, system } = process.cpuUsage(before);
    const elapsed = performance.now() - started;
    const runtime = plan.peer === 'ours' ? app.get<CorsRuntime>(CORS_RUNTIME, { strict: false }) : undefined;
    const policies = new Set(runtime?.policies?.entries.map(({ policy }) => policy)).size;
    return { cpu: (user + system) / 1000, elapsed, policies };
  },
});
