import awsLambda from '@fastify/aws-lambda';
import type { Neighbour } from '../../neighbour.js';
import { startLambda } from '../../support/lambda.js';

export default {
  name: 'AWS Lambda: @fastify/aws-lambda',
  packages: ['@fastify/aws-lambda'],
  platforms: ['fastify'],
  todo: { text: 'how to start it', heading: 'AWS Lambda' },
  start: (platform, spy) =>
    startLambda(platform, spy, (app) => {
      const fastify = app.getHttpAdapter().getInstance();
      return awsLambda(fastify, { albMultiValueHeaders: true });
    }),
} satisfies Neighbour;
