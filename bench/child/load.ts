// Loads a package in a process that already has Nest, as a cold start of a function does.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
import { createRequire } from 'node:module';
import { serveCommands } from './serve-commands.js';

const require = createRequire(import.meta.url);

serveCommands({
  /** @returns milliseconds */
  async import({ file }: { file: string }) {
    const started = performance.now();
    await import(file);
    return performance.now() - started;
  },

  /** @returns milliseconds */
  require({ file }: { file: string }) {
    const started = performance.now();
    require(file);
    return performance.now() - started;
  },
});
