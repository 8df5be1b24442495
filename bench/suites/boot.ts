import type { Peer } from '../child/plan.js';
import type { Shares } from '../child/profile.js';
import type { Context } from '../context.js';
import { type Check, check, type SuiteResult, type Table } from '../report/results.js';
import { estimate, median, ratios } from '../statistics.js';
import { inFreshProcess } from '../worker.js';

interface Boot {
  /** Milliseconds of CPU time from creating the application to where it takes requests. */
  readonly cpu: number;
  readonly elapsed: number;
  /** Distinct compiled policies of all handlers; 0 without our module. */
  readonly policies: number;
  readonly shares?: Shares;
}

const POLICIES = 20;
const LIMIT = 1.15;

/** What booting costs with many handlers, and how many policies they hold. */
export async function boot({ settings, progress }: Context): Promise<SuiteResult> {
  const handlers = settings.quick ? 1_000 : 10_000;
  const tables: Table[] = [];
  const checks: Check[] = [];
  for (const platform of settings.platforms) {
    const cpu: Record<'none' | 'ours', number[]> = { none: [], ours: [] };
    const elapsed: Record<'none' | 'ours', number[]> = { none: [], ours: [] };
    let policies = 0;
    for (let set = 0; set < settings.runs; set++) {
      progress.say(`${platform} boot: set ${set + 1} of ${settings.runs}`);
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
    const number = handlers.toLocaleString('en');
    tables.push({
      title: `${platform}: boot with ${number} handlers`,
      method: `From \`NestFactory.create\` to where requests are taken; ${settings.runs} pairs of fresh processes.`,
      columns: ['', 'without', 'with', 'ratio'],
      rows: [
        ['CPU time, ms', median(cpu.none), median(cpu.ours), ratio],
        ['elapsed, ms', median(elapsed.none), median(elapsed.ours), estimate(ratios(elapsed.ours, elapsed.none))],
        ['compiled policies', 0, policies, ''],
      ],
    });
    const plan = { platform, peer: 'ours', handlers };
    const { shares = {} } = await inFreshProcess<Boot>('boot', [], 'boot', { plan, profiled: true });
    tables.push({
      title: `${platform}: whose code runs in a boot with ${number} handlers`,
      method: 'Shares of a sampling profile. Nest calls the platform to register each route; that counts as platform.',
      columns: Object.keys(shares),
      rows: [Object.values(shares).map((share) => `${(100 * share).toFixed(1)} %`)],
    });
    checks.push(check(`${platform}: boot with ${number} handlers, CPU time to Nest's own`, ratio.median, LIMIT));
    checks.push(check(`${platform}: compiled policies of ${number} handlers with ${POLICIES}`, policies, POLICIES));
  }
  return { tables, checks, plots: [] };
}
