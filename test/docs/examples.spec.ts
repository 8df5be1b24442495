import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { describePlatforms, type Platform, type RunningApp, startApp } from '../support/platforms.js';
import { listen } from '../support/start-app.js';
import { ANSWER_COLUMNS, answerTo } from './support/answers.js';
import { answerLines, parseExchange } from './support/exchange.js';
import {
  appliesTo,
  type CodeBlock,
  PAGES,
  programOf,
  readSections,
  type Section,
  type Table,
} from './support/pages.js';
import { type BlockRun, Program } from './support/program.js';
import { CONFIGURATIONS } from './support/surroundings.js';

const ALL_SECTIONS = PAGES.flatMap(readSections);
const SECTIONS = ALL_SECTIONS.filter((section) => programOf(section).length > 0);

/** Runs with the variables that a sentence such as "With `NODE_ENV=production`:" names. */
async function withVariables<Result>(sentence: string, run: () => Promise<Result>): Promise<Result> {
  const variables = [...sentence.matchAll(/`([A-Z_]+)=([^`]+)`/g)].map(
    ([, name, value]) => [name, value] as [string, string],
  );
  const values = new Map([['PORT', '0'], ...variables]);
  const before = [...values.keys()].map((name): [string, string | undefined] => [name, process.env[name]]);
  setVariables(values);
  try {
    return await run();
  } finally {
    setVariables(before);
  }
}

function isAnswerTable(part: CodeBlock | Table): part is Table {
  return part.kind === 'table' && part.columns.join() === ANSWER_COLUMNS.join();
}

function setVariables(values: Iterable<readonly [string, string | undefined]>): void {
  for (const [name, value] of values) {
    if (value === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  }
}

function start(application: BlockRun['application'], platform: Platform, section: Section): Promise<RunningApp> {
  if (application === undefined) {
    throw new Error(`${section.page}: "${section.title}" has no application`);
  }
  return typeof application === 'function'
    ? startApp(platform, application, { configure: CONFIGURATIONS[section.title] })
    : listen(application as INestApplication);
}

/** Starts the application that the blocks before a part make, for the tests of the current `describe`. */
function serveFor(part: CodeBlock | Table, section: Section, platform: Platform): () => RunningApp {
  const program = new Program(section, platform);
  let running: RunningApp | undefined;
  beforeAll(async () => {
    await withVariables(part.kind === 'table' ? part.introduction : '', async () => {
      const position = section.parts.indexOf(part);
      const before = (await program.run()).filter(({ block }) => section.parts.indexOf(block) < position);
      running = await start(before.at(-1)?.application, platform, section);
    });
  });
  afterAll(() => program.close(running?.app));
  return () => running as RunningApp;
}

describePlatforms('the code in the documentation', (platform) => {
  describe.each(SECTIONS)('$page, "$title"', (section) => {
    it('runs and starts every application in it', async () => {
      const program = new Program(section, platform);
      const sentences = section.parts.map((part) => (part.kind === 'table' ? part.introduction : ''));
      await withVariables(sentences.join(), async () => {
        const applications = new Set((await program.run()).map(({ application }) => application));
        for (const application of applications) {
          if (typeof application === 'function') {
            await (await start(application, platform, section)).close();
          }
        }
      });
      await program.close();
    });

    const texts = section.parts.filter((part) => part.kind === 'code' && part.language === 'text') as CodeBlock[];
    if (texts.length > 0) {
      it('shows what its code prints', async () => {
        const program = new Program(section, platform);
        const printed = (await program.run()).flatMap((run) => run.printed);
        await program.close();
        expect(texts.map(({ code }) => code)).toEqual(printed.map((text) => `${text}\n`));
      });
    }

    for (const part of section.parts.filter((one) => appliesTo(one, section, platform.name))) {
      if (isAnswerTable(part)) {
        describe(part.place, () => {
          const running = serveFor(part, section, platform);
          it.each(part.rows)('answers a page on %s that sends %s with %s', async (origin, request, answer) => {
            expect(await answerTo(running(), origin as string, request as string)).toBe(answer);
          });
        });
      } else if (part.kind === 'code' && part.language === 'http') {
        describe(part.place, () => {
          const running = serveFor(part, section, platform);
          it('shows the response that is sent', async () => {
            const { request, answer } = parseExchange(part.code);
            expect(await answerLines(running(), request)).toEqual(answer);
          });
        });
      }
    }
  });
});

it('the documentation has code for every table of responses and every http block', () => {
  const parts = ALL_SECTIONS.filter((section) => !SECTIONS.includes(section)).flatMap((section) => section.parts);
  const tables = parts.filter(isAnswerTable).filter(({ rows }) => rows.length > 0);
  const exchanges = parts.filter((part) => part.kind === 'code' && part.language === 'http');
  expect([...tables, ...exchanges].map(({ place }) => place)).toEqual([]);
});
