import * as Sentry from '@sentry/nestjs';
import { Reports } from '../../support/reports.js';

type Item = readonly [{ readonly type: string }, Sentry.Event];

/** What would be sent to Sentry. */
export const transactions = new Reports<Sentry.Event>();
export const errors = new Reports<Sentry.Event>();

Sentry.init({
  dsn: 'http://key@127.0.0.1:9/1',
  tracesSampleRate: 1,
  transport: () => ({
    send([, items]) {
      for (const [{ type }, event] of items as unknown as Item[]) {
        if (type === 'transaction') {
          transactions.add(event);
        } else if (type === 'event') {
          errors.add(event);
        }
      }
      return Promise.resolve({ statusCode: 200 });
    },
    flush: () => Promise.resolve(true),
  }),
});
