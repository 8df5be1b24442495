import 'reflect-metadata';
import type { Server } from 'node:http';
import { Controller, Get, type INestApplication, Injectable, Module, Post, type Type } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { Cors, CorsModule, type CorsPolicyOptions } from '../../src/index.js';
import { ALLOWED } from '../kinds.js';
import type { Platform } from '../settings.js';
import { installFloor } from './floor.js';
import { type ApplicationPlan, lastDecorated, originsOf, routePath } from './plan.js';

/** Distinct policies of decorators. The application-wide policy makes twenty. */
const DECORATED_POLICIES = 19;
const HANDLERS_PER_CONTROLLER = 10;

/** The options of all variants, in the form of `enableCors`. */
const OPTIONS = Object.freeze({
  origin: [ALLOWED, 'https://admin.example.com'],
  credentials: true,
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['content-type', 'authorization'],
  exposedHeaders: ['x-total-count'],
  maxAge: 600,
});

/** Allows the same origins as the static policies of the other variants. */
@Injectable()
export class KnownOrigins {
  async resolve(origin: string): Promise<boolean> {
    return origin === ALLOWED;
  }
}

/** Loads one platform only, because loading takes most of a quick run. */
export async function newAdapter(platform: Platform): Promise<AbstractHttpAdapter> {
  if (platform === 'express') {
    const { ExpressAdapter } = await import('@nestjs/platform-express');
    return new ExpressAdapter();
  }
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  return new FastifyAdapter();
}

/** Declares the classes of the application, as its imports would. */
export function declareModule(plan: ApplicationPlan): Type {
  class BenchModule {}
  Module({
    imports: plan.peer === 'ours' ? [CorsModule.forRoot(policyOf(plan, 0))] : [],
    controllers: controllers(plan),
    providers: plan.resolver ? [KnownOrigins] : [],
  })(BenchModule);
  return BenchModule;
}

/** Creates the application, without initialising it. */
export async function createApplication(
  plan: ApplicationPlan,
  BenchModule: Type = declareModule(plan),
): Promise<INestApplication> {
  const adapter = await newAdapter(plan.platform);
  const app = await NestFactory.create(BenchModule, adapter, { logger: ['error'], abortOnError: false });
  switch (plan.peer) {
    case 'floor':
      installFloor(plan.platform, adapter);
      break;
    case 'options':
      app.enableCors({ ...OPTIONS });
      break;
    case 'delegate':
      app.enableCors((_request: unknown, answer: (error: Error | null, options: object) => void) =>
        answer(null, OPTIONS),
      );
      break;
  }
  return app;
}

/** Prepares an application for requests. Its server does not listen yet. */
export async function initialise(plan: ApplicationPlan, app: INestApplication): Promise<Server> {
  await app.init();
  if (plan.platform === 'fastify') {
    await app.getHttpAdapter().getInstance().ready();
  }
  return app.getHttpServer() as Server;
}

/** The options of one policy. Number 0 is the application-wide policy. */
function policyOf(plan: ApplicationPlan, number: number): CorsPolicyOptions {
  const { methods: _, ...options } = OPTIONS;
  if (plan.resolver) {
    return { ...options, origin: KnownOrigins, maxAge: OPTIONS.maxAge + number };
  }
  return { ...options, origin: originsOf(plan, number) };
}

function controllers(plan: ApplicationPlan): Type[] {
  const list: Type[] = [];
  const large = (plan.origins ?? 0) > 2 || (plan.patterns ?? 0) > 0;
  // All policies share one list of origins, so that only its length grows.
  const decorated = Array.from({ length: large ? 1 : DECORATED_POLICIES }, (_, number) => policyOf(plan, number + 1));
  for (let first = 0; first < plan.handlers; first += HANDLERS_PER_CONTROLLER) {
    class BenchController {}
    Object.defineProperty(BenchController, 'name', { value: `Bench${first}Controller` });
    for (let index = first; index < Math.min(first + HANDLERS_PER_CONTROLLER, plan.handlers); index++) {
      const name = `handler${index}`;
      const prototype = BenchController.prototype as Record<string, unknown>;
      Object.defineProperty(prototype, name, {
        value: { [name]: () => ({ id: index }) }[name],
        configurable: true,
        writable: true,
      });
      const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
      (plan.posts ? Post : Get)(routePath(plan, index))(prototype, name, descriptor);
      if (plan.peer === 'ours' && index % 2 === 0) {
        const options = decorated[(index >> 1) % decorated.length] as CorsPolicyOptions;
        Cors(enforces(plan, index) ? { ...options, enforce: 'all' } : options)(prototype, name, descriptor);
      }
    }
    Controller()(BenchController);
    list.push(BenchController);
  }
  return list;
}

function enforces(plan: ApplicationPlan, index: number): boolean {
  const { enforce = 'none' } = plan;
  return enforce === 'all' || (enforce === 'others' && index !== lastDecorated(plan, 'static'));
}
