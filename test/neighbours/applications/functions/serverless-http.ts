import { LAMBDA_ADAPTERS } from '../../../e2e/applications/lambda.js';
import type { Neighbour } from '../../neighbour.js';
import { startLambda } from '../../support/lambda.js';

export default {
  name: 'AWS Lambda: serverless-http',
  packages: ['serverless-http'],
  todo: { text: 'how to start it', heading: 'AWS Lambda' },
  start: (platform, spy) => startLambda(platform, spy, LAMBDA_ADAPTERS[platform.name]['serverless-http']),
} satisfies Neighbour;
