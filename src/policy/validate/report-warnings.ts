import type { Target } from '../merged-policy.js';
import type { CorsWarning } from '../problem.js';
import { listTargets } from './list-targets.js';

/** How many things of one kind are written out. */
const MOST_SHOWN = 10;

/** All warnings with one code, ready for one call of the logger. */
export interface WarningReport {
  readonly code: string;
  /** Several lines: one for each thing to look at, with its remedy below. */
  readonly text: string;
}

/**
 * Makes one text of all warnings with the same code, in the order the codes were first met.
 *
 * @param silence codes that are left out
 */
export function reportWarnings(warnings: readonly CorsWarning[], silence: readonly string[] = []): WarningReport[] {
  const byCode = new Map<string, Map<string, { warning: CorsWarning; targets: Set<Target> }>>();
  for (const warning of warnings) {
    if (silence.includes(warning.code)) {
      continue;
    }
    let sayings = byCode.get(warning.code);
    if (sayings === undefined) {
      sayings = new Map();
      byCode.set(warning.code, sayings);
    }
    const key = JSON.stringify([warning.message, warning.remedy]);
    const saying = sayings.get(key) ?? { warning, targets: new Set<Target>() };
    sayings.set(key, saying);
    for (const target of warning.targets) {
      saying.targets.add(target);
    }
  }
  return [...byCode].map(([code, sayings]) => {
    const lines = [...sayings.values()].map(
      ({ warning, targets }) => `${code} in ${listTargets([...targets])}: ${warning.message}\n  ${warning.remedy}`,
    );
    const shown = lines.slice(0, MOST_SHOWN);
    if (lines.length > shown.length) {
      shown.push(`  and ${lines.length - shown.length} more of this kind`);
    }
    return Object.freeze({ code, text: shown.join('\n') });
  });
}
