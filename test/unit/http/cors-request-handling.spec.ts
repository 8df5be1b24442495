import { describe, expect, it } from '@jest/globals';
import { CorsRequestHandling } from '../../../src/http/cors-request-handling.js';
import { nodeResponse } from './fake-response.js';

const REQUEST = { method: 'GET', url: '/', headers: { origin: 'https://app.example.com' } };

describe('CorsRequestHandling, before the application is initialised,', () => {
  const unexpected = () => {
    throw new Error('nothing is refused');
  };
  const handling = new CorsRequestHandling({
    refused: unexpected,
    rewritten: unexpected,
    decidedByNested: unexpected,
    headersRemoved: unexpected,
    embedsBlocked: unexpected,
  });

  it('leaves every request and response alone', () => {
    const response = Object.assign(nodeResponse(), { req: REQUEST });
    const preflight = {
      ...REQUEST,
      method: 'OPTIONS',
      headers: { ...REQUEST.headers, 'access-control-request-method': 'PUT' },
    };
    expect(handling.early(REQUEST, REQUEST, response)).toBe('continue');
    expect(handling.early(preflight, preflight, response)).toBe('continue');
    expect(handling.decisionAtHead(response, undefined)).toBeUndefined();
    expect(handling.enforcement.refusalOf(response)).toBeUndefined();
  });

  it('throws an error that names what is missing', () => {
    expect(() => handling.lookup.policies).toThrow('call app.init() or app.listen() first');
    expect(() => handling.lookup.platform).toThrow('this application serves no HTTP');
  });
});
