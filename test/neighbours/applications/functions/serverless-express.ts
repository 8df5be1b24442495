import { LAMBDA_ADAPTERS } from '../../../e2e/applications/lambda.js';
import { startLambda } from '../../lambda.js';
import type { Neighbour } from '../../neighbour.js';

const NAMES = {
  express: '@codegenie/serverless-express',
  fastify: '@codegenie/serverless-express over the routing function',
};

export default {
  name: 'AWS Lambda: serverless-express',
  packages: ['@codegenie/serverless-express'],
  todo: { text: 'how to start it', heading: 'AWS Lambda' },
  start: (platform, spy) => startLambda(platform, spy, LAMBDA_ADAPTERS[platform.name][NAMES[platform.name]] as never),
} satisfies Neighbour;
