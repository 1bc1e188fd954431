import type { Table } from '../../command-line/table.ts';

/** Commands by which a house is run by hand. */
export const OPERATE: Table = [
  {
    title: 'Accounts, sessions and addresses',
    entries: [
      {
        name: 'accounts find',
        about: 'accounts by id, by the beginning of one, or by wallet address',
        load: async () => (await import('./accounts.ts')).find,
      },
      {
        name: 'accounts gaps',
        about: 'to whom gaps in the prices gave stakes back, and how often beside others',
        load: async () => (await import('./accounts.ts')).gaps,
      },
      {
        name: 'accounts statement',
        about: 'every movement of an account, as CSV or JSON',
        load: async () => (await import('./reports.ts')).statement,
      },
      {
        name: 'accounts bets',
        about: 'every bet of an account, as CSV or JSON',
        load: async () => (await import('./reports.ts')).bets,
      },
      {
        name: 'accounts refusals',
        about: 'orders of an account of which nothing was taken, as CSV or JSON',
        load: async () => (await import('./reports.ts')).refusals,
      },
      {
        name: 'accounts export',
        about: 'all that there is of an account, into a folder',
        load: async () => (await import('./reports.ts')).exportAll,
      },
      {
        name: 'accounts payouts',
        about: 'what the house paid out on a day, as CSV or JSON',
        load: async () => (await import('./reports.ts')).payouts,
      },
      {
        name: 'accounts credit',
        about: 'money to an account',
        load: async () => (await import('./accounts.ts')).credit,
      },
      {
        name: 'accounts debit',
        about: 'money from an account, at most what it holds',
        load: async () => (await import('./accounts.ts')).debit,
      },
      {
        name: 'accounts restricted',
        about: 'the accounts that are blocked or limited',
        load: async () => (await import('./restrictions.ts')).restricted,
      },
      {
        name: 'accounts block',
        about: 'takes no taps and no sign-in of an account; open bets continue',
        load: async () => (await import('./restrictions.ts')).block,
      },
      {
        name: 'accounts unblock',
        about: 'ends a block',
        load: async () => (await import('./restrictions.ts')).unblock,
      },
      {
        name: 'accounts limit',
        about: 'limits what an account may bet, beside the limits of its trader',
        load: async () => (await import('./restrictions.ts')).limit,
      },
      {
        name: 'addresses block',
        about: 'refuses whatever comes from a range of addresses',
        load: async () => (await import('./addresses.ts')).block,
      },
      {
        name: 'addresses unblock',
        about: 'lets a range of addresses in again',
        load: async () => (await import('./addresses.ts')).unblock,
      },
      {
        name: 'addresses list',
        about: 'the ranges of addresses that are blocked',
        load: async () => (await import('./addresses.ts')).list,
      },
      {
        name: 'sessions list',
        about: 'the sessions of an account',
        load: async () => (await import('./sessions.ts')).list,
      },
      {
        name: 'sessions revoke',
        about: 'ends the sessions of an account, or one of them',
        load: async () => (await import('./sessions.ts')).revoke,
      },
    ],
  },
  {
    title: 'Running the house',
    entries: [
      {
        name: 'halt',
        about: 'takes no more taps, now or at an announced time; open bets continue',
        load: async () => (await import('./trading.ts')).halt,
      },
      {
        name: 'resume',
        about: 'takes taps again',
        load: async () => (await import('./trading.ts')).resume,
      },
      {
        name: 'void-window',
        about: 'gives back the stakes of all open bets of a window; closed bets stay as they are',
        load: async () => (await import('./void-window.ts')).voidWindow,
      },
      {
        name: 'waiting',
        about: 'orders that need a second person',
        load: async () => (await import('./approvals.ts')).waiting,
      },
      {
        name: 'approve',
        about: 'carries one of them out, in your name beside that of who gave it',
        load: async () => (await import('./approvals.ts')).approve,
      },
      {
        name: 'dismiss',
        about: 'takes back an order that waits for a second person',
        load: async () => (await import('./approvals.ts')).dismiss,
      },
      {
        name: 'operators add',
        about: 'makes a token for an operator',
        load: async () => (await import('./operators.ts')).add,
      },
      {
        name: 'operators remove',
        about: 'takes the token of an operator away',
        load: async () => (await import('./operators.ts')).remove,
      },
      {
        name: 'operators list',
        about: 'who has one',
        load: async () => (await import('./operators.ts')).list,
      },
      {
        name: 'operators actions',
        about: 'what was done by hand in a time, as CSV or JSON',
        load: async () => (await import('./actions.ts')).actions,
      },
      {
        name: 'audit',
        about: 'what was done by hand, newest first',
        load: async () => (await import('./audit.ts')).audit,
      },
    ],
  },
];
