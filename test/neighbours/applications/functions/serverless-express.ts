import { LAMBDA_ADAPTERS } from '../../../e2e/applications/lambda.js';
import type { Neighbour } from '../../neighbour.js';
import { startLambda } from '../../support/lambda.js';

export default {
  name: 'AWS Lambda: serverless-express',
  packages: ['@codegenie/serverless-express'],
  todo: { text: 'how to start it', heading: 'AWS Lambda' },
  start: (platform, spy) =>
    startLambda(
      platform,
      spy,
      platform.name === 'express'
        ? LAMBDA_ADAPTERS.express['@codegenie/serverless-express']
        : LAMBDA_ADAPTERS.fastify['@codegenie/serverless-express over the routing function'],
    ),
} satisfies Neighbour;
