import { describe, expect, it } from '@jest/globals';
import { capturedTarget, captureTarget, isGone, ResponseSlots } from '../../src/http/response-state.js';

describe('the state of a response', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/a b?c d'],
    ['M-SEARCH', 'http://host/x'],
    ['', ''],
    ['GET', ''],
  ])('gives back %j and %j', (method, url) => {
    expect(capturedTarget(captureTarget(method, url))).toEqual({ method, url });
  });

  it('has slots of its own for each application', () => {
    const [one, other] = [new ResponseSlots(), new ResponseSlots()];
    expect(new Set([one.state, one.verdict, other.state, other.verdict]).size).toBe(4);
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
