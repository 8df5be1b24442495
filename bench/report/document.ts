import type { SuiteResult } from './results.js';
import { checkText, tableText } from './text.js';

/** The saved result of a suite's last run. */
export interface KeptResult extends SuiteResult {
  readonly command: string;
  readonly machine: string;
}

/**
 * Writes the results of suites into a document, each between its two comments. Suites without comments, and comments
 * without results, are skipped.
 */
export function fillDocument(text: string, results: Readonly<Record<string, KeptResult>>): string {
  let filled = text;
  for (const [name, result] of Object.entries(results)) {
    const start = `<!-- ${name}:start -->`;
    const from = filled.indexOf(start);
    const to = filled.indexOf(`<!-- ${name}:end -->`);
    if (from !== -1 && to > from) {
      filled = `${filled.slice(0, from + start.length)}\n${section(result)}\n${filled.slice(to)}`;
    }
  }
  return filled;
}

function section({ command, machine, tables, checks }: KeptResult): string {
  const missed = checks.filter(({ met }) => !met);
  const verdict =
    checks.length === 0
      ? []
      : [
          `Targets: ${checks.length - missed.length} of ${checks.length} met.`,
          '',
          ...missed.map((check) => `- ${checkText(check)}`),
          ...(missed.length > 0 ? [''] : []),
        ];
  return [`\`${command}\` on ${machine}.`, '', ...tables.map(tableText), ...verdict].join('\n').trimEnd();
}
