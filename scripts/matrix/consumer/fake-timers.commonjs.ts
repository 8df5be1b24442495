export const fakeTimers: Pick<typeof jest, 'useFakeTimers' | 'useRealTimers' | 'advanceTimersByTime'> = jest;
