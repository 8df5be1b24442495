import { describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { PLATFORMS, serve } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';

const spy = new HandlerSpy();

@Controller()
class HooksController {
  @Get('hooked') hooked() {
    return spy.ran('hooked');
  }
}

type Hook = (request: { readonly url: string }, reply: unknown, done: (error?: Error) => void) => unknown;

/** Hooks that an application adds after CorsModule, one for each way to end a hook. */
const HOOKS: Readonly<Record<string, Hook>> = {
  'calls back': (_request, _reply, done) => {
    spy.ran('hook');
    done();
  },
  'calls back later': (_request, _reply, done) => {
    spy.ran('hook');
    setImmediate(done);
  },
  'returns a promise': async () => {
    spy.ran('hook');
  },
  'returns a thenable': () => ({
    // biome-ignore lint/suspicious/noThenProperty: query builders return thenables
    then: (resolve: () => void) => {
      spy.ran('hook');
      resolve();
    },
  }),
};

const FAILING: Readonly<Record<string, Hook>> = {
  throws: () => {
    throw new Error('the hook failed');
  },
  'calls back with an error': (_request, _reply, done) => done(new Error('the hook failed')),
  rejects: async () => {
    throw new Error('the hook failed');
  },
};

/** A synchronous and an asynchronous decision. */
const ORIGINS = {
  'a listed origin': [APP],
  'an asynchronous predicate': async (origin: string, _context: unknown) => origin === APP,
} as const;

describe.each(PLATFORMS.filter(({ name }) => name === 'fastify'))(
  'an onRequest hook of the application on $name',
  (platform) => {
    for (const [decided, origin] of Object.entries(ORIGINS)) {
      @Module({ imports: [CorsModule.forRoot({ origin: origin as never })], controllers: [HooksController] })
      class HookedModule {}

      const serving = (hook: Hook) =>
        serve(platform, HookedModule, spy, {
          configure: (app: INestApplication) =>
            (app.getHttpAdapter() as unknown as FastifyAdapter).setOnRequestHook(hook as never),
        });

      describe.each(Object.entries(HOOKS))(`with ${decided}, one that %s`, (_name, hook) => {
        const server = serving(hook);

        it.each([
          [APP, { 'access-control-allow-origin': APP, vary: 'Origin' }],
          [EVIL, { vary: 'Origin' }],
        ])('runs, and so does the handler, for %s', async (from, headers) => {
          expect(await server.outcome({ path: '/hooked', headers: { Origin: from } })).toEqual({
            status: 200,
            headers,
            ran: ['hook', 'hooked'],
          });
        });
      });

      describe.each(Object.entries(FAILING))(`with ${decided}, one that %s`, (_name, hook) => {
        const server = serving(hook);

        it('gives a response with status 500', async () => {
          expect(await server.outcome({ path: '/hooked', headers: { Origin: APP } })).toEqual({
            status: 500,
            headers: { 'access-control-allow-origin': APP, vary: 'Origin' },
            ran: [],
          });
        });
      });
    }
  },
);
