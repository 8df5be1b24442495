/** The four ways of one question: no neighbour passes with fewer. */
const FEWEST = 4;

/**
 * Reads the output of test/neighbours/main.ts.
 *
 * @param {{ code: number, output: string }} result
 * @returns {{ report?: object, passed: number, failures: string[] }} A report without `checks` belongs to a platform on
 * which the neighbour does not exist.
 */
export function readReport({ code, output }) {
  const report = code === 0 ? parse(output.trim().split('\n').at(-1)) : undefined;
  if (report === undefined) {
    const end = output.trim().split('\n').slice(-40).join('\n');
    return { passed: 0, failures: [`it ended with code ${code} and without a report:\n${end}`] };
  }
  const outcomes = Object.entries(report.checks ?? {});
  const failures = outcomes.filter(([, outcome]) => outcome !== 'passed').map((entry) => entry.join(': '));
  const passed = outcomes.length - failures.length;
  if (report.checks !== undefined && outcomes.length < FEWEST) {
    failures.push(`it sent ${outcomes.length} requests: a question has four`);
  }
  return { report, passed, failures };
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
