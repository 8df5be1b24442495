import { BOOT_PARTS, type BootPart } from '../child/boot-parts.js';
import type { ApplicationPlan, Peer } from '../child/plan.js';
import type { Context } from '../context.js';
import { type Check, check, type SuiteResult, type Table } from '../report/results.js';
import type { Platform } from '../settings.js';
import { estimate, median, ratios } from '../statistics.js';
import { inFreshProcess } from '../worker.js';

interface Boot {
  /** Milliseconds of CPU time from the creation of the application until it can serve requests. */
  readonly cpu: number;
  readonly elapsed: number;
  /** Distinct compiled policies of all handlers; 0 without CorsModule. */
  readonly policies: number;
  /** Milliseconds of the main thread. */
  readonly parts?: Readonly<Record<BootPart, number>>;
}

/** The number of policies of the planned handlers. */
const POLICIES = 20;
const MANY = 10_000;
const FEW = 200;
/** The limit, as a multiple of a boot without CorsModule. */
const LIMITS: Readonly<Record<Platform, Readonly<Record<number, number>>>> = Object.freeze({
  express: { [MANY]: 1.15, [FEW]: 1.3 },
  fastify: { [MANY]: 1.15, [FEW]: 1.12 },
});
const MOST_PROFILES = 5;

/** The cost of a boot with few and many handlers, and the number of their policies. */
export async function boot(context: Context): Promise<SuiteResult> {
  const { settings, progress } = context;
  const tables: Table[] = [];
  const checks: Check[] = [];
  for (const platform of settings.platforms) {
    for (const handlers of settings.quick ? [FEW] : [FEW, MANY]) {
      const measured = await measureBoots(context, platform, handlers);
      tables.push(measured.table);
      checks.push(...measured.checks);
    }
    if (!settings.quick) {
      progress.say(`${platform} boot: profiles`);
      tables.push(
        await partsTable({ platform, handlers: MANY }, counted(MANY), Math.min(settings.runs, MOST_PROFILES)),
      );
    }
  }
  return { tables, checks, plots: [] };
}

async function measureBoots(
  { settings, progress }: Context,
  platform: Platform,
  handlers: number,
): Promise<{ readonly table: Table; readonly checks: readonly Check[] }> {
  const cpu: Record<'none' | 'ours', number[]> = { none: [], ours: [] };
  const elapsed: Record<'none' | 'ours', number[]> = { none: [], ours: [] };
  let policies = 0;
  for (let set = 0; set < settings.runs; set++) {
    progress.say(`${platform} boot with ${handlers} handlers: set ${set + 1} of ${settings.runs}`);
    const order: readonly (Peer & ('none' | 'ours'))[] = set % 2 === 0 ? ['none', 'ours'] : ['ours', 'none'];
    for (const peer of order) {
      const plan = { platform, peer, handlers };
      const result = await inFreshProcess<Boot>('boot', [], 'boot', { plan, profiled: false });
      cpu[peer].push(result.cpu);
      elapsed[peer].push(result.elapsed);
      policies = Math.max(policies, result.policies);
    }
  }
  if (policies !== POLICIES) {
    throw new Error(`${handlers} handlers with ${POLICIES} policies hold ${policies} compiled ones.`);
  }
  const ratio = estimate(ratios(cpu.ours, cpu.none));
  const number = counted(handlers);
  return {
    table: {
      title: `${platform}: boot with ${number} handlers`,
      method: `From \`NestFactory.create\` to where requests are taken; ${settings.runs} pairs of fresh processes.`,
      columns: ['', 'without', 'with', 'ratio'],
      rows: [
        ['CPU time, ms', median(cpu.none), median(cpu.ours), ratio],
        ['elapsed, ms', median(elapsed.none), median(elapsed.ours), estimate(ratios(elapsed.ours, elapsed.none))],
        ['compiled policies', 0, policies, ''],
      ],
    },
    checks: [
      check(
        `${platform}: boot with ${number} handlers, CPU time to Nest's own`,
        ratio.median,
        LIMITS[platform][handlers] as number,
      ),
      check(`${platform}: compiled policies of ${number} handlers with ${POLICIES}`, policies, POLICIES),
    ],
  };
}

function counted(handlers: number): string {
  return handlers.toLocaleString('en');
}

async function partsTable(plan: Omit<ApplicationPlan, 'peer'>, number: string, profiles: number): Promise<Table> {
  const medians: Record<BootPart, number>[] = [];
  for (const peer of ['none', 'ours'] as const) {
    const found: Record<BootPart, number>[] = [];
    for (let at = 0; at < profiles; at++) {
      const { parts } = await inFreshProcess<Boot>('boot', [], 'boot', { plan: { ...plan, peer }, profiled: true });
      found.push(parts as Record<BootPart, number>);
    }
    medians.push(
      Object.fromEntries(BOOT_PARTS.map((part) => [part, median(found.map((one) => one[part]))])) as Record<
        BootPart,
        number
      >,
    );
  }
  const [without, ours] = medians as [Record<BootPart, number>, Record<BootPart, number>];
  return {
    title: `${plan.platform}: what a boot with ${number} handlers spends the main thread on`,
    method: `Milliseconds by sampling profiles, which slow it; medians of ${profiles} fresh processes. What Nest and reflect-metadata do for us counts as ours.`,
    columns: ['', 'without', 'with'],
    rows: BOOT_PARTS.map((part) => [part, without[part], ours[part]]),
  };
}
