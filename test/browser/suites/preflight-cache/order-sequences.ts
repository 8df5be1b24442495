import type { RequestName, Sequence } from './sequence.js';

/** The result of each request to the ledger, whatever requests came before. */
const OUTCOMES: Readonly<Record<RequestName, { reads: string; arrives: readonly string[] }>> = {
  read: { reads: '200 read', arrives: ['preflight GET (authorization,x-trace)', 'GET read with authorization'] },
  create: { reads: 'blocked', arrives: ['preflight POST (authorization)'] },
  replace: { reads: 'blocked', arrives: ['preflight PUT (x-trace)'] },
  remove: { reads: 'blocked', arrives: ['preflight DELETE'] },
};

/**
 * Handlers of one URL with different policies, in every order, and the first one again at the end. Every request has
 * its own preflight, and no handler runs after the preflight of another one.
 */
export const orderSequences: readonly Sequence[] = permutations(Object.keys(OUTCOMES) as RequestName[]).map((order) => {
  const requests = [...order, ...order.slice(0, 1)];
  return {
    name: `preflight cache: ${order.join(', ')}`,
    path: '/ledger',
    through: 'nothing',
    requests,
    reads: requests.map((request) => OUTCOMES[request].reads).join(', '),
    arrives: requests.flatMap((request) => OUTCOMES[request].arrives),
  };
});

function permutations<Item>(items: readonly Item[]): Item[][] {
  return items.length === 0
    ? [[]]
    : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
