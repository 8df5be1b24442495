import fs from 'node:fs';

/**
 * The result of a test run.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, notes: string[] }} Tally `notes` explain failures that
 * no single test reported.
 */

/** The last line that every runner of this project prints. {@link readClosingLine} reads it. */
export const closingLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;

const CLOSING_LINE = /^(\d+) passed, (\d+) failed$/gm;

/**
 * The last closing line in a program's output.
 *
 * @param {{ code: number, output: string, timedOut: boolean }} result
 * @param {string} name the program's name in the notes
 * @returns {Tally} Each of these counts as one failure: no closing line, no tests, or an exit code other than 0 without
 * failures.
 */
export function readClosingLine({ code, output, timedOut }, name) {
  const last = [...output.matchAll(CLOSING_LINE)].at(-1);
  const tally = { passed: Number(last?.[1] ?? 0), failed: Number(last?.[2] ?? 0), skipped: 0, notes: [] };
  if (timedOut) {
    failOnce(tally, `${name} reached its timeout`);
  } else if (last === undefined) {
    failOnce(tally, `${name} ended without its closing line (exit code ${code})`);
  } else if (tally.passed + tally.failed === 0) {
    failOnce(tally, `${name} ran no test`);
  } else if (code !== 0 && tally.failed === 0) {
    failOnce(tally, `${name} counts no failure but ended with code ${code}`);
  }
  return tally;
}

/**
 * Reads the report of Jest's `--json --outputFile`.
 *
 * @param {string} file
 * @param {{ code: number, timedOut: boolean }} result
 * @returns {Tally} Each of these counts as one failure: a suite that could not be loaded, a run without tests, a
 * missing report, a missed coverage threshold.
 */
export function readJestReport(file, { code, timedOut }) {
  const tally = { passed: 0, failed: 0, skipped: 0, notes: [] };
  const report = parseReport(file);
  if (report === undefined) {
    failOnce(tally, timedOut ? 'Jest reached its timeout' : `Jest crashed or found no test (exit code ${code})`);
    return tally;
  }
  tally.passed = report.numPassedTests;
  tally.failed = report.numFailedTests;
  tally.skipped = report.numPendingTests + report.numTodoTests;
  tally.missing = missingPrograms(report);
  for (const suite of report.testResults) {
    const broken = suite.status === 'failed' && !suite.assertionResults.some(({ status }) => status === 'failed');
    if (broken) {
      failOnce(tally, `could not run ${suite.name}`);
    }
  }
  if (tally.passed + tally.failed === 0) {
    failOnce(tally, 'Jest ran no test');
  }
  if (code !== 0 && tally.failed === 0) {
    failOnce(tally, `Jest ended with code ${code} though every test passed: see the coverage thresholds above`);
  }
  return tally;
}

/**
 * The programs that skipped suites need: the titles that begin with "did not run:", each once.
 *
 * @returns {string[]}
 */
function missingPrograms({ testResults }) {
  const titles = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'pending')
    .flatMap(({ ancestorTitles, title }) => [...ancestorTitles, title]);
  return [...new Set(titles.filter((title) => title.startsWith('did not run:')))];
}

/**
 * The sum of several runs.
 *
 * @param {Tally[]} tallies
 * @returns {Tally}
 */
export function addTallies(tallies) {
  const sum = { passed: 0, failed: 0, skipped: 0, notes: [] };
  for (const tally of tallies) {
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped += tally.skipped;
    sum.notes.push(...tally.notes);
  }
  return sum;
}

function parseReport(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function failOnce(tally, note) {
  tally.failed += 1;
  tally.notes.push(note);
}
