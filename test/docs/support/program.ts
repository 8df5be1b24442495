import { expect } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import ts from 'typescript';
import type { Platform, RootModule } from '../../support/start-app.js';
import { appliesTo, type CodeBlock, programOf, type Section } from './pages.js';
import { platformTesting } from './platform-testing.js';
import { SpecFile } from './spec-file.js';
import { READERS_FILES } from './surroundings.js';
import { localNames, transpile } from './transpile.js';

type Values = Record<string, unknown>;

/** The result of one block. */
export interface BlockRun {
  readonly block: CodeBlock;
  /** The values of its declarations, by name. */
  readonly declared: Readonly<Values>;
  /** The root module that the block declares or completes, or the application that it configures. */
  readonly application: RootModule | INestApplication | undefined;
  /** What it prints with `console.log`. */
  readonly printed: readonly string[];
}

const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;

/** Runs the blocks of a section in order, as files of one application. */
export class Program {
  readonly #section: Section;
  readonly #platform: Platform;
  readonly #sources: Readonly<Record<string, string>>;
  readonly #modules = new Map<string, Values>();
  readonly #packages = new Map<string, Values>();
  readonly #created: INestApplication[] = [];
  /** The root module of the blocks so far. */
  #root: RootModule | undefined;

  constructor(section: Section, platform: Platform) {
    this.#section = section;
    this.#platform = platform;
    this.#sources = { ...READERS_FILES, ...section.earlier };
  }

  async run(): Promise<BlockRun[]> {
    const blocks = programOf(this.#section).filter((block) => appliesTo(block, this.#section, this.#platform.name));
    const sources = [...blocks.map(({ code }) => code), ...Object.values(this.#sources)];
    for (const { fileName } of sources.flatMap((source) => ts.preProcessFile(source).importedFiles)) {
      if (!fileName.startsWith('.')) {
        this.#packages.set(fileName, { ...(await import(fileName)), __esModule: true });
      }
    }
    const runs: BlockRun[] = [];
    for (const block of blocks) {
      runs.push(await this.#runBlock(block, runs.at(-1)?.application));
    }
    return runs;
  }

  /** The values that a file of the program declares. */
  file(name: string): Readonly<Values> {
    return this.#require(`./${name.replace(/\.ts$/, '.js')}`);
  }

  /** Closes the applications that the blocks created, and another one. */
  async close(other?: INestApplication): Promise<void> {
    for (const app of new Set([...this.#created, ...(other === undefined ? [] : [other])])) {
      await app.close();
    }
  }

  async #runBlock(block: CodeBlock, before: BlockRun['application']): Promise<BlockRun> {
    const results: unknown[] = [];
    const printed: string[] = [];
    const spec = new SpecFile();
    const isExcerptOfMain = /^(?:await )?app\.|\(app\b/m.test(block.code) && !/\bapp =/.test(block.code);
    const app = isExcerptOfMain ? await this.#create(this.#root) : undefined;
    const declared = await this.#evaluate(AsyncFunction, block.file, block.code, {
      app,
      console: { log: (text: unknown) => printed.push(String(text)) },
      collect: (result: unknown) => results.push(result),
      ...spec.functions,
    });
    this.#modules.set(block.file, declared);
    await spec.run();
    const application = app ?? (declared.app as INestApplication | undefined) ?? this.#rootOf(declared, results);
    this.#root = typeof application === 'function' ? application : this.#root;
    return { block, declared, application: application ?? before, printed };
  }

  #evaluate(kind: FunctionConstructor, file: string, code: string, names: Values): Values | Promise<Values> {
    const scope: Values = { require: (name: string) => this.#require(name), exports: {}, expect, ...names };
    // In braces, so that a block may redeclare a name of the scope.
    const body = `{ ${transpile(code)}\nreturn { ...exports, ${localNames(code).join(', ')} }; }\n//# sourceURL=${file}`;
    return kind(...Object.keys(scope), body)(...Object.values(scope));
  }

  #require(name: string): Values {
    if (name === '@nestjs/core') {
      return { ...this.#packages.get(name), NestFactory: this.#factory() };
    }
    if (name === '@nestjs/testing') {
      return platformTesting(this.#platform);
    }
    if (!name.startsWith('.')) {
      return this.#packages.get(name) as Values;
    }
    const file = `${name.split('/').at(-1)?.replace(/\.js$/, '')}.ts`;
    const known = this.#modules.get(file);
    if (known !== undefined) {
      return known;
    }
    const code = this.#sources[file];
    if (code === undefined) {
      throw new Error(`${this.#section.page} imports ${name}, which no block before shows`);
    }
    const values = this.#evaluate(Function, file, code, {}) as Values;
    this.#modules.set(file, values);
    return values;
  }

  /** Nest's factory, with the platform of the test unless the block names one. The program closes its applications. */
  #factory(): unknown {
    return {
      create: (root: RootModule, ...rest: object[]) => {
        const adapter = rest.find((argument) => 'getHttpServer' in argument) as AbstractHttpAdapter | undefined;
        return this.#create(root, adapter, rest.at(adapter === undefined ? 0 : 1));
      },
    };
  }

  async #create(
    root: RootModule | undefined,
    adapter?: AbstractHttpAdapter,
    options: object = {},
  ): Promise<INestApplication> {
    const module = root ?? this.#readersModule();
    const used = adapter ?? this.#platform.createAdapter();
    const app = await NestFactory.create(module, used, { logger: false, ...options });
    this.#created.push(app);
    return app;
  }

  #readersModule(): RootModule {
    return this.#require('./app.module.js').AppModule as RootModule;
  }

  #rootOf(declared: Values, results: readonly unknown[]): RootModule | undefined {
    const roots = Object.values(declared).filter(
      (value): value is RootModule => typeof value === 'function' && Reflect.hasOwnMetadata('imports', value),
    );
    const [dynamic] = results.filter((result) => typeof result === 'object' && result !== null && 'module' in result);
    if (dynamic === undefined) {
      return roots.at(-1);
    }
    class CompletedModule {}
    Module({ imports: [dynamic as never, this.#readersModule()] })(CompletedModule);
    return CompletedModule;
  }
}
