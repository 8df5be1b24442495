import { createRequire } from 'node:module';
import path from 'node:path';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { RawResponse } from './requests/http-message.js';
import { type RawRequest, type RawTarget, rawRequest } from './requests/raw-request.js';

export interface Platform {
  readonly name: 'express' | 'fastify';
  /** A new adapter. Fastify receives `options`. On Express they are settings, which its router reads when it is created. */
  createAdapter(options?: Record<string, unknown>): ExpressAdapter | FastifyAdapter;
}

export const PLATFORMS: readonly Platform[] = Object.freeze([
  { name: 'express', createAdapter: (settings) => new ExpressAdapter(settings && expressWith(settings)) },
  { name: 'fastify', createAdapter: (options) => new FastifyAdapter(options) },
]);

export interface StartOptions {
  /** The code of main.ts before `listen`. */
  readonly configure?: (app: INestApplication) => unknown;
  /** Passed to `NestFactory.create`. */
  readonly application?: Record<string, unknown>;
  /** Passed to Fastify's adapter, or set on Express. */
  readonly adapter?: Record<string, unknown>;
  readonly secure?: boolean;
}

export interface RunningApp extends RawTarget {
  readonly app: INestApplication;
  request(request: RawRequest): Promise<RawResponse>;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: Nest accepts any class as a root module
export type RootModule = Type<any>;

/** Starts an application as main.ts would, on a free loopback port. */
export async function startApp(
  platform: Platform,
  module: RootModule,
  options: StartOptions = {},
): Promise<RunningApp> {
  const app = await NestFactory.create(module, platform.createAdapter(options.adapter), {
    logger: false,
    abortOnError: false,
    ...options.application,
  });
  try {
    await options.configure?.(app);
    return await listen(app, options.secure);
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Lets an application listen on a free loopback port, unless it listens already. */
export async function listen(app: INestApplication, secure?: boolean): Promise<RunningApp> {
  if (!app.getHttpServer().listening) {
    await app.listen(0, '127.0.0.1');
  }
  const { port } = app.getHttpServer().address() as { port: number };
  const target = { port, secure };
  return {
    ...target,
    app,
    request: (request) => rawRequest(target, request),
    close: () => app.close(),
  };
}

/** The adapter creates the router of an instance at once, so settings must come first. */
function expressWith(settings: Readonly<Record<string, unknown>>): unknown {
  const nearAdapter = createRequire(createRequire(path.resolve('package.json')).resolve('@nestjs/platform-express'));
  const express = nearAdapter('express') as () => { set(name: string, value: unknown): unknown };
  const instance = express();
  for (const [name, value] of Object.entries(settings)) {
    instance.set(name, value);
  }
  return instance;
}
