import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Param, Res } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { HandlerSpy } from '../../support/handler-spy.js';
import { PLATFORMS, serve } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import { FOREIGN } from './writings.js';

const spy = new HandlerSpy();

interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): void;
  header(name: string, value: string): FastifyReply;
  send(body: unknown): FastifyReply;
  writeEarlyHints(hints: Record<string, string>): void;
  removeHeader(name: string): FastifyReply;
  getHeaders(): Record<string, unknown>;
}

/** Ways to answer that only Fastify's reply has. */
const REPLIES: Readonly<Record<string, { write: (reply: FastifyReply) => unknown; vary: string }>> = {
  hijack: {
    write: (reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'X-A': '1', ...FOREIGN }).end('x');
    },
    vary: 'Origin',
  },
  header: {
    write: (reply) => reply.header('Access-Control-Allow-Origin', '*').header('vary', 'Accept').send({ a: 1 }),
    vary: 'Accept, Origin',
  },
  stream: { write: (reply) => reply.header('vary', 'Accept').send(Readable.from(['a', 'b'])), vary: 'Accept, Origin' },
  'early hints': {
    write: (reply) => {
      reply.writeEarlyHints({ link: '</s.css>; rel=preload; as=style' });
      return reply.send('x');
    },
    vary: 'Origin',
  },
  'headers all removed': {
    write: (reply) => {
      for (const name of Object.keys(reply.getHeaders())) {
        reply.removeHeader(name);
      }
      return reply.send('x');
    },
    vary: 'Origin',
  },
};

@Cors({ origin: [APP] })
@Controller('replies')
class RepliesController {
  @Get(':name') reply(@Param('name') name: string, @Res() reply: unknown) {
    spy.ran(name);
    REPLIES[name]?.write(reply as FastifyReply);
  }
}

@Module({ imports: [CorsModule.forRoot()], controllers: [RepliesController] })
class RepliesModule {}

describe.each(PLATFORMS.filter((platform) => platform.name === 'fastify'))('a reply of $name', (platform) => {
  const server = serve(platform, RepliesModule, spy);

  it.each(Object.entries(REPLIES))('has exactly the CORS headers of the policy: %s', async (name, { vary }) => {
    const path = `/replies/${encodeURIComponent(name)}`;
    const headers = { 'access-control-allow-origin': APP, vary };
    expect(await server.outcome({ path, headers: { Origin: APP } })).toEqual({ status: 200, headers, ran: [name] });
    expect(await server.outcome({ path, headers: { Origin: EVIL } })).toEqual({
      status: 200,
      headers: { vary },
      ran: [name],
    });
  });
});
