import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { Body, Controller, Delete, Get, Module, Post, Req, Res } from '@nestjs/common';
import { Cors, CorsModule } from 'nestjs-cors';
import { headerValues } from '../../../support/requests/http-message.js';
import { startApp } from '../../../support/start-app.js';
import type { Neighbour } from '../../neighbour.js';
import { mcpPolicy } from '../../policies/mcp-policy.js';
import { type Answer, PAGE } from '../../question.js';

/** Fastify's request and reply have those of Node. */
type Request = IncomingMessage & { readonly raw?: IncomingMessage };
type Reply = ServerResponse & { readonly raw?: ServerResponse };

const PROTOCOL = '2025-06-18';
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: PROTOCOL, capabilities: {}, clientInfo: { name: 'page', version: '1.0.0' } },
};
const CALL = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'greet', arguments: {} } };

async function newTransport(sessions: Map<string, StreamableHTTPServerTransport>) {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  const server = new McpServer({ name: 'items', version: '1.0.0' });
  server.registerTool('greet', {}, () => ({ content: [{ type: 'text', text: 'hello' }] }));
  await server.connect(transport);
  return transport;
}

export default {
  name: 'MCP SDK',
  packages: ['@modelcontextprotocol/sdk'],
  todo: { text: 'list and expose its headers', heading: 'MCP servers' },
  async start(platform, spy) {
    @Controller('mcp')
    @Cors(mcpPolicy)
    class McpController {
      readonly #sessions = new Map<string, StreamableHTTPServerTransport>();

      @Post() async send(@Req() request: Request, @Res() reply: Reply, @Body() body: unknown) {
        spy.ran('send');
        await (await this.#transportOf(request)).handleRequest(request.raw ?? request, reply.raw ?? reply, body);
      }
      @Get() async listen(@Req() request: Request, @Res() reply: Reply) {
        spy.ran('listen');
        const transport = await this.#transportOf(request);
        const response = reply.raw ?? reply;
        const handled = transport.handleRequest(request.raw ?? request, response);
        while (!response.headersSent) {
          await setImmediate();
        }
        transport.closeStandaloneSSEStream();
        await handled;
      }
      @Delete() async end(@Req() request: Request, @Res() reply: Reply) {
        spy.ran('end');
        await (await this.#transportOf(request)).handleRequest(request.raw ?? request, reply.raw ?? reply);
      }

      async #transportOf({ headers }: Request) {
        return this.#sessions.get(String(headers['mcp-session-id'])) ?? (await newTransport(this.#sessions));
      }
    }

    @Module({ imports: [CorsModule.forRoot({ origin: PAGE })], controllers: [McpController] })
    class AppModule {}

    const { request, close } = await startApp(platform, AppModule);
    const mcp = { path: '/mcp', exposes: mcpPolicy.exposedHeaders.join().toLowerCase() };
    const post = (message: unknown, headers = {}) => ({
      ...mcp,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify(message),
      ran: ['send'],
    });
    const sessionOf = (answer: Answer) => headerValues(answer, 'mcp-session-id')[0] ?? '';
    const session = sessionOf(await request(post(INITIALIZE)));
    const ofSession = { 'Mcp-Session-Id': session, 'Mcp-Protocol-Version': PROTOCOL };
    const asked = 'mcp-protocol-version,mcp-session-id';
    return {
      send: request,
      close,
      questions: {
        initialize: {
          ...post(INITIALIZE),
          asks: 'content-type',
          work: (answer) => sessionOf(answer) !== '' && answer.text.includes(PROTOCOL),
        },
        'call a tool': {
          ...post(CALL, ofSession),
          asks: `content-type,${asked}`,
          work: (answer) => sessionOf(answer) === session && answer.text.includes('hello'),
        },
        listen: {
          ...mcp,
          headers: { ...ofSession, Accept: 'text/event-stream' },
          asks: `last-event-id,${asked}`,
          ran: ['listen'],
          work: (answer) => headerValues(answer, 'content-type')[0] === 'text/event-stream',
        },
      },
      errors: {
        'no session': {
          ...post(CALL),
          status: 400,
          work: ({ text }) => text.includes('Server not initialized'),
        },
        'other protocol version': {
          ...post(CALL, { ...ofSession, 'Mcp-Protocol-Version': '1.0' }),
          status: 400,
          work: ({ text }) => text.includes('Unsupported protocol version'),
        },
        'not acceptable': {
          ...mcp,
          headers: ofSession,
          ran: ['listen'],
          status: 406,
          work: ({ text }) => text.includes('Not Acceptable'),
        },
      },
    };
  },
} satisfies Neighbour;
