// A reporter for Jest. It prints a dot for each suite that passes, and the failures and logs of every other suite.
import path from 'node:path';

const DOTS_IN_A_LINE = 100;

export default class QuietReporter {
  #dots = 0;

  onTestResult(_, { testFilePath, failureMessage, console: logged = [] }) {
    if (typeof failureMessage === 'string' && failureMessage !== '') {
      this.#dots = 0;
      process.stderr.write(`\nFAIL ${path.relative(process.cwd(), testFilePath)}\n${failureMessage}\n`);
      for (const { type, message } of logged) {
        process.stderr.write(`console.${type}: ${message}\n`);
      }
      return;
    }
    this.#dots += 1;
    process.stderr.write(this.#dots % DOTS_IN_A_LINE === 0 ? '.\n' : '.');
  }

  onRunComplete(_, { numTotalTestSuites, startTime }) {
    const seconds = Math.round((Date.now() - startTime) / 1000);
    process.stderr.write(`\n${numTotalTestSuites} suites in ${seconds} s\n`);
  }
}
