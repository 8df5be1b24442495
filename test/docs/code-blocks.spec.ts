import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

/** `docs/origin-resolvers.md` has a spec of its own, because its blocks are parts of classes. */
const FILES = [
  'README.md',
  ...['migrating', 'problems', 'production', 'when-blocked'].map((name) => `docs/${name}.md`),
];

/** Modules of the reader's application, and names that excerpts use without an import. */
const SURROUNDINGS: Readonly<Record<string, string>> = {
  'test/docs/app.module.ts': 'export class AppModule {}',
  'test/src/app.module.ts': 'export class AppModule {}',
  'test/docs/surroundings.ts': `
    import type { IncomingMessage as Message, ServerResponse as Answer } from 'node:http';
    import type { NestExpressApplication } from '@nestjs/platform-express';
    import * as common from '@nestjs/common';
    import * as core from '@nestjs/core';
    import * as fastify from '@nestjs/platform-fastify';
    import * as cors from 'nestjs-cors';
    import { configure } from '@codegenie/serverless-express';
    import serverless from 'serverless-http';

    declare global {
      type IncomingMessage = Message;
      type ServerResponse = Answer;
      type UploadServer = { handle(request: Message, response: Answer): Promise<void> };
      const UploadServer: new () => UploadServer;
      const [app, instance, ALLOWED, InnerModule, AppModule]: [NestExpressApplication, any, unknown[], any, any];
      const { All, Controller, Get, Req, Res }: typeof common;
      const { NestFactory }: typeof core;
      const { FastifyAdapter }: typeof fastify;
      const { Cors, CorsModule }: typeof cors;
      const serverlessExpress: typeof configure;
      const serverlessHttp: typeof serverless;
    }`,
};

/** Every TypeScript block of a Markdown file, with the line it starts at. */
function blocks(file: string): { name: string; code: string }[] {
  const text = fs.readFileSync(file, 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    name: `${file}:${text.slice(0, match.index).split('\n').length + 1}`,
    code: match[1] ?? '',
  }));
}

const BLOCKS = FILES.flatMap(blocks);

/** Compiles all blocks in one go, each as a module in this folder that exists only in memory. */
function compile(): Map<string, string[]> {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const settings = { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
  const sources = new Map([
    ...BLOCKS.map(({ name, code }, index): [string, { name: string; code: string }] => [
      path.resolve(`test/docs/block-${index}.ts`),
      { name, code: `${code}\nexport {};\n` },
    ]),
    ...Object.entries(SURROUNDINGS).map(([file, code]): [string, { name: string; code: string }] => [
      path.resolve(file),
      { name: file, code },
    ]),
  ]);
  const host = ts.createCompilerHost(settings);
  const { getSourceFile, fileExists, readFile } = host;
  host.directoryExists = () => true;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file)?.code ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const source = sources.get(file);
    return source === undefined
      ? getSourceFile(file, language, ...rest)
      : ts.createSourceFile(file, source.code, language);
  };
  const found = new Map<string, string[]>(BLOCKS.map(({ name }) => [name, []]));
  for (const diagnostic of ts.getPreEmitDiagnostics(ts.createProgram([...sources.keys()], settings, host))) {
    const name = sources.get(diagnostic.file?.fileName ?? '')?.name ?? 'elsewhere';
    found.set(name, [...(found.get(name) ?? []), ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')]);
  }
  return found;
}

describe('the code in the documentation', () => {
  const found = compile();

  it('is there', () => {
    expect(BLOCKS.length).toBeGreaterThan(16);
  });

  it.each([...found.keys()])('%s compiles', (name) => {
    expect(found.get(name)).toEqual([]);
  });
});
