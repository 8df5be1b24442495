import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import type { RawRequest } from '../../support/requests/raw-request.js';
import type { Platform } from '../../support/start-app.js';

/** The signature of a Lambda function. */
export type LambdaHandler = (event: object, context: object) => Promise<LambdaResult>;

interface LambdaResult {
  readonly statusCode: number;
  readonly headers?: Record<string, unknown>;
  readonly multiValueHeaders?: Record<string, unknown>;
  readonly body: string;
}

/** The response that a client of API Gateway or a load balancer receives, with every header by lower-case name. */
export interface LambdaResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

type HeaderMap = Record<string, string>;
type EventShape = (method: string, path: string, headers: HeaderMap) => object;

const lists = (headers: HeaderMap) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
const lowerCase = (headers: HeaderMap) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The events of the services that call Lambda functions for HTTP requests. */
export const LAMBDA_EVENTS: Readonly<Record<string, EventShape>> = {
  'API Gateway v1': (httpMethod, path, headers) => ({
    resource: '/{proxy+}',
    httpMethod,
    path,
    headers,
    multiValueHeaders: lists(headers),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    requestContext: { requestId: 'id', identity: { sourceIp: '127.0.0.1' } },
    body: null,
    isBase64Encoded: false,
  }),
  'API Gateway v2': (method, path, headers) => ({
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: lowerCase(headers),
    requestContext: { requestId: 'id', http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' } },
    isBase64Encoded: false,
  }),
  'a load balancer': (httpMethod, path, headers) => ({
    requestContext: { elb: { targetGroupArn: 'arn' } },
    httpMethod,
    path,
    queryStringParameters: {},
    headers: lowerCase(headers),
    body: '',
    isBase64Encoded: false,
  }),
  'a load balancer with lists': (httpMethod, path, headers) => ({
    requestContext: { elb: { targetGroupArn: 'arn' } },
    httpMethod,
    path,
    multiValueQueryStringParameters: {},
    multiValueHeaders: lists(lowerCase(headers)),
    body: '',
    isBase64Encoded: false,
  }),
};

type FastifyInstance = { routing(request: object, response: object): void };
type Adapter = (app: INestApplication) => LambdaHandler;

const require = createRequire(join(process.cwd(), 'package.json'));
// Both packages are CommonJS. Their types declare a default export that Node does not see.
const serverlessHttp = (app: object) => (require('serverless-http') as (app: object) => LambdaHandler)(app);
const codegenie = (options: object) =>
  (require('@codegenie/serverless-express') as (options: object) => LambdaHandler)(options);

const instanceOf = (app: INestApplication) => app.getHttpAdapter().getInstance() as object & FastifyInstance;

/** The ways to run an application as a Lambda function, on each platform. */
export const LAMBDA_ADAPTERS = {
  express: {
    'serverless-http': (app) => serverlessHttp(instanceOf(app)),
    '@codegenie/serverless-express': (app) => codegenie({ app: instanceOf(app) }),
  },
  fastify: {
    // By default it calls `inject`, which copies the written head.
    'serverless-http': (app) => serverlessHttp(instanceOf(app)),
    'serverless-http over the routing function': (app) => {
      const instance = instanceOf(app);
      return serverlessHttp((request: object, response: object) => instance.routing(request, response));
    },
    // It recognises Express, Koa and Hapi, and accepts a function for other frameworks.
    '@codegenie/serverless-express over the routing function': (app) => {
      const instance = instanceOf(app);
      return codegenie({ app: (request: object, response: object) => instance.routing(request, response) });
    },
  },
} satisfies Record<Platform['name'], Record<string, Adapter>>;

/** Sends a request as the event of a service. */
export async function callLambda(
  handler: LambdaHandler,
  event: EventShape,
  { method = 'GET', path = '/', headers = {} }: RawRequest,
): Promise<LambdaResponse> {
  const sent = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const result = await handler(event(method, path, { Host: 'api.example.com', ...Object.fromEntries(sent) }), {});
  const received: Record<string, string> = {};
  for (const map of [result.headers, result.multiValueHeaders]) {
    for (const [name, value] of Object.entries(map ?? {})) {
      received[name.toLowerCase()] = [value].flat().join(', ');
    }
  }
  return { status: result.statusCode, headers: received, body: result.body };
}
