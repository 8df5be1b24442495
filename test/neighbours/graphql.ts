import type { Question } from './question.js';

/** An operation as a page sends it. */
function operation(query: string): Pick<Question, 'method' | 'path' | 'headers' | 'body' | 'asks'> {
  return {
    method: 'POST',
    path: '/graphql',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query }),
    asks: 'content-type',
  };
}

/** Operations that each GraphQL server answers alike. */
export const OPERATIONS: Readonly<Record<string, Question>> = {
  query: { ...operation('{ item }'), ran: ['item'], work: ({ text }) => JSON.parse(text).data.item === 'item' },
  mutation: {
    ...operation('mutation { addItem }'),
    ran: ['addItem'],
    work: ({ text }) => JSON.parse(text).data.addItem === 'addItem',
  },
};

/** An error of the resolver, and an operation that the schema does not have. */
export const FAULTY_OPERATIONS: Readonly<Record<string, Question>> = {
  'of the resolver': {
    ...operation('{ secret }'),
    status: 200,
    ran: ['secret'],
    work: ({ text }) => JSON.parse(text).errors[0].message === 'secret',
  },
  'no such field': {
    ...operation('{ price }'),
    status: 400,
    work: ({ text }) => JSON.parse(text).errors[0].message.startsWith('Cannot query field "price"'),
  },
};
