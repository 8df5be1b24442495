import { expect, it } from '@jest/globals';
import { Controller, Get, Module, NotFoundException } from '@nestjs/common';
import { Cors, CorsModule, DisableCors } from 'nestjs-cors';
import { HandlerSpy } from '../support/handler-spy.js';
import { describePlatforms, type Platform, startApp } from '../support/platforms.js';
import { checkNeighbour } from './check.js';
import type { Neighbour } from './neighbour.js';
import { type Answer, PAGE, type Question, type Send } from './question.js';

/** Damages the answers of an application, or what it reports to the spy. */
type Damage = (send: Send, spy: HandlerSpy) => Send;
type Change = Partial<Question>;

const WAYS_OF_REQUESTS = [
  'request allowed',
  'request refused',
  'error 404: request allowed',
  'error 404: request refused',
];
const WAYS_OF_PREFLIGHTS = ['preflight allowed', 'preflight refused'];
const ALL = [...WAYS_OF_PREFLIGHTS, ...WAYS_OF_REQUESTS];
const ALLOWED = ALL.filter((way) => way.endsWith('allowed'));

const changed =
  (change: (answer: Answer) => Partial<Answer>): Damage =>
  (send) =>
  async (request) => {
    const answer = await send(request);
    return { ...answer, ...change(answer) };
  };
const without = (name: string) =>
  changed(({ headerLines }) => ({ headerLines: headerLines.filter(([line]) => line.toLowerCase() !== name) }));

function neighbourWith(decorator: MethodDecorator & ClassDecorator, damage: Damage, change: Change): Neighbour {
  return {
    name: 'items',
    packages: [],
    async start(platform: Platform, spy: HandlerSpy) {
      @Controller('items')
      @decorator
      class ItemsController {
        @Get() list() {
          return spy.ran('list');
        }
        @Get('missing') missing() {
          throw new NotFoundException(spy.ran('missing'));
        }
      }

      @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [ItemsController] })
      class AppModule {}

      const { request, close } = await startApp(platform, AppModule);
      const list = { path: '/items', ran: ['list'], work: () => true, ...change };
      const missing = { path: '/items/missing', status: 404, ran: ['missing'], work: () => true, ...change };
      return { send: damage(request, spy), close, questions: { '': list }, errors: { '': missing } };
    },
  };
}

const correct: Damage = (send) => send;
const asDeclared = Cors();

describePlatforms('the check of a neighbour', (platform) => {
  const failing = async (neighbour: Neighbour) => {
    const checks = await checkNeighbour(neighbour, platform);
    expect(Object.keys(checks)).toEqual(ALL);
    return Object.keys(checks).filter((way) => checks[way] !== 'passed');
  };

  it('passes a correct application', async () => {
    expect(await failing(neighbourWith(asDeclared, correct, {}))).toEqual([]);
  });

  it.each<[string, Damage, readonly string[]]>([
    [
      'an additional CORS header',
      changed(({ headerLines }) => ({ headerLines: [...headerLines, ['Access-Control-Allow-Origin', '*']] })),
      ALL,
    ],
    ['a missing Vary', without('vary'), ALL],
    ['a missing CORS header', without('access-control-allow-origin'), ALLOWED],
    ['another status', changed(() => ({ status: 418 })), ALL],
    [
      'a handler that runs once more',
      (send, spy) => (request) => {
        spy.ran('other');
        return send(request);
      },
      ALL,
    ],
    [
      'a handler that does not run',
      (send, spy) => async (request) => {
        const answer = await send(request);
        spy.take();
        return answer;
      },
      WAYS_OF_REQUESTS,
    ],
  ])('notices %s', async (_, damage, ways) => {
    expect(await failing(neighbourWith(asDeclared, damage, {}))).toEqual(ways);
  });

  it('notices a policy that is not applied', async () => {
    // A disabled route has no `Vary`. Its preflights are refused for every origin.
    expect(await failing(neighbourWith(DisableCors(), correct, {}))).toEqual(
      ALL.filter((way) => way !== 'preflight refused'),
    );
  });

  it('notices a policy that allows another origin', async () => {
    expect(await failing(neighbourWith(Cors({ origin: '*' }), correct, {}))).toEqual(ALL);
  });

  it.each<[string, Change, readonly string[]]>([
    ['the work of the neighbour', { work: () => false }, WAYS_OF_REQUESTS],
    ['credentials', { credentials: true }, ALLOWED],
    ['an exposed header', { exposes: 'retry-after' }, ALLOWED.slice(1)],
  ])('notices that %s is missing', async (_, change, ways) => {
    expect(await failing(neighbourWith(asDeclared, correct, change))).toEqual(ways);
  });
});
