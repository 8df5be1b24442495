import type { INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { openPage, type Page } from 'nestjs-cors/testing';
import { AppModule } from '../api/app.module.js';

// The addresses of sample/.env. A test needs no free port for them: only the pages believe in them.
export const API = 'http://api.localhost:3300';
export const APP = 'http://app.localhost:3400';
export const PARTNER = 'http://partner.localhost:3400';
export const EVIL = 'http://evil.localhost:3400';
export const SHOP = 'http://shop.localhost:3400';

type Adapter = ExpressAdapter | FastifyAdapter;

/** For `describe.each`: a name and a function that makes an adapter. */
export const PLATFORMS: readonly (readonly [name: string, createAdapter: () => Adapter])[] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
];

export async function createSample(adapter: Adapter): Promise<INestApplication> {
  const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
  return testing.createNestApplication(adapter, { logger: ['error'] });
}

/** A page of an origin, with an empty cache and without cookies. */
export function openSamplePage(app: INestApplication, origin: string): Page {
  return openPage(app, origin, { address: API });
}
