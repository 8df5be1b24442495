import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { PackedPackage } from './packed-package.js';

/** A test with matchers. A line below `// error` must not compile. */
const TEST = `
expect.extend(corsMatchers);
export async function test(page: Page): Promise<CorsExplanation | undefined> {
  await expect(page).toRead('/orders');
  await expect(page).toRead(new URL('https://api.example.com/orders'), { method: 'DELETE' });
  await expect(page).not.toBeBlockedFrom('/orders', { credentials: 'include' });
  await expect(page).toSeeHeader('/orders', 'x-total-count', { mode: 'cors' });
  const returned: Promise<void> = expect(page).toRead('/orders');
  await returned;
  // error
  await expect(page).toRead();
  // error
  await expect(page).toSeeHeader('/orders');
  // error
  await expect(page).toBeBlockedFrom('/orders', { credentials: 'yes' });
  return page.explain('/orders');
}
`;

const IMPORTS = `
import type { CorsExplanation } from 'nestjs-cors';
import { corsMatchers, openPage, type Page } from 'nestjs-cors/testing';
export const page = openPage('http://localhost:3000', 'https://app.example.com');
`;

/** The packages of a project with a test runner, the types that it always loads, and a test. */
export const TEST_RUNNERS: Readonly<
  Record<string, { readonly packages: readonly string[]; readonly types: readonly string[]; readonly test: string }>
> = {
  '@types/jest': { packages: ['@types/jest', 'expect'], types: ['jest'], test: `${IMPORTS}${TEST}` },
  '@jest/globals': {
    packages: ['@jest/globals', 'expect'],
    types: [],
    test: `import { expect } from '@jest/globals';${IMPORTS}${TEST}`,
  },
  'no test runner': { packages: [], types: [], test: `${IMPORTS}export type { CorsExplanation, Page, corsMatchers };` },
};

/**
 * Compiles a test in the consumer, with packages of this project beside those of the consumer.
 * @returns the messages of the compiler, except of the lines that must not compile; and the number of those
 */
export function compileTest(
  { consumer }: PackedPackage,
  { packages, types, test }: (typeof TEST_RUNNERS)[string],
  skipLibCheck: boolean,
): { readonly messages: readonly string[]; readonly expected: number } {
  const links = [...packages, '@types/node'].map((name) => path.join(consumer, 'node_modules', name));
  const file = path.join(consumer, 'page.test.mts');
  try {
    for (const [index, name] of [...packages, '@types/node'].entries()) {
      const link = links[index] as string;
      fs.mkdirSync(path.dirname(link), { recursive: true });
      fs.symlinkSync(path.resolve('node_modules', name), link, 'dir');
    }
    fs.writeFileSync(file, test);
    return diagnose(consumer, file, skipLibCheck, ['node', ...types]);
  } finally {
    for (const link of links) {
      fs.rmSync(link, { force: true });
    }
    fs.rmSync(file, { force: true });
  }
}

function diagnose(consumer: string, file: string, skipLibCheck: boolean, types: readonly string[]) {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    noEmit: true,
    skipLibCheck,
    strict: true,
    types: [...types],
    typeRoots: [path.join(consumer, 'node_modules', '@types')],
  });
  const sources = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === file || fileName.includes('nestjs-cors'));
  const messages: string[] = [];
  let expected = 0;
  for (const diagnostic of sources.flatMap((source) => ts.getPreEmitDiagnostics(program, source))) {
    const { file: source, start = 0, messageText } = diagnostic;
    const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
    if (source?.text.split('\n')[line - 1]?.trim() === '// error') {
      expected += 1;
    } else {
      messages.push(ts.flattenDiagnosticMessageText(messageText, '\n'));
    }
  }
  return { messages, expected };
}
