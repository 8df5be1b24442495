// Vitest has a global `vi`. Jest has no global for ES modules.
export const fakeTimers = 'vi' in globalThis ? vi : (await import('@jest/globals')).jest;
