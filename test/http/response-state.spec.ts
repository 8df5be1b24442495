import { describe, expect, it } from '@jest/globals';
import { isGone, ResponseKeys, stateOf, takeRequest } from '../../src/http/response-state.js';

const SLOT = Symbol('slot');

describe('the state of a response', () => {
  it('keeps the method and URL that arrived, whatever changes the request', () => {
    const raw: { method?: string; url?: string } = { method: 'GET', url: '/a b?c d' };
    const response = {};
    const state = takeRequest({ ...raw, headers: {} }, response, SLOT);
    raw.url = '/rewritten';
    expect(stateOf(response, SLOT)).toBe(state);
    expect([state.method, state.url, state.askedUrl, state.first]).toEqual(['GET', '/a b?c d', '/a b?c d', undefined]);
    expect(takeRequest({ headers: {} }, {}, SLOT)).toMatchObject({ method: '', url: '' });
  });

  it('keeps the URL of the client if the application receives a request again, however often', () => {
    const response = {};
    const first = takeRequest({ method: 'GET', url: '/one', headers: {} }, response, SLOT);
    for (const url of ['/two', '/three']) {
      expect(takeRequest({ method: 'PUT', url, headers: {} }, response, SLOT)).toMatchObject({
        method: 'PUT',
        url,
        askedUrl: '/one',
        first,
      });
    }
  });

  it('knows the full URL below an application that is mounted on a path', () => {
    const raw = { method: 'GET', url: '/x', originalUrl: '/inner/x', headers: {} };
    expect(takeRequest(raw, {}, SLOT)).toMatchObject({ url: '/x', askedUrl: '/inner/x' });
  });

  it('has a slot of its own for each application', () => {
    const response = {};
    const [one, other] = [new ResponseKeys(), new ResponseKeys()];
    takeRequest({ headers: {} }, response, one.state);
    expect(stateOf(response, one.state)).toBeDefined();
    expect(stateOf(response, other.state)).toBeUndefined();
  });

  it.each([
    [{}, false],
    [{ destroyed: false }, false],
    [{ destroyed: true }, true],
    [{ stream: {} }, false],
    [{ stream: { destroyed: true } }, true],
    [{ destroyed: false, stream: { destroyed: true } }, true],
  ])('of %j is that of a client that went away: %s', (response, expected) => {
    expect(isGone(response)).toBe(expected);
  });
});
