import type { Table } from '../../command-line/table.ts';

/** Commands by which a house is run by hand. */
export const OPERATE: Table = [
  {
    title: 'Accounts, sessions and addresses',
    entries: [
      {
        name: 'accounts find',
        about: 'finds accounts by id, by its beginning, or by wallet address',
        load: async () => (await import('./accounts.ts')).find,
      },
      {
        name: 'accounts gaps',
        about: 'lists accounts with refunds from price gaps, compared to others',
        load: async () => (await import('./accounts.ts')).gaps,
      },
      {
        name: 'accounts statement',
        about: 'prints every movement of an account, as CSV or JSON',
        load: async () => (await import('./reports.ts')).statement,
      },
      {
        name: 'accounts bets',
        about: 'prints every bet of an account, as CSV or JSON',
        load: async () => (await import('./reports.ts')).bets,
      },
      {
        name: 'accounts refusals',
        about: 'prints the refused orders of an account, as CSV or JSON',
        load: async () => (await import('./reports.ts')).refusals,
      },
      {
        name: 'accounts export',
        about: 'writes everything about an account into a folder',
        load: async () => (await import('./reports.ts')).exportAll,
      },
      {
        name: 'accounts payouts',
        about: 'prints what the house paid out on a day, as CSV or JSON',
        load: async () => (await import('./reports.ts')).payouts,
      },
      {
        name: 'accounts credit',
        about: 'adds money to an account',
        load: async () => (await import('./accounts.ts')).credit,
      },
      {
        name: 'accounts debit',
        about: 'takes money from an account, at most its balance',
        load: async () => (await import('./accounts.ts')).debit,
      },
      {
        name: 'accounts restricted',
        about: 'lists blocked and limited accounts',
        load: async () => (await import('./restrictions.ts')).restricted,
      },
      {
        name: 'accounts block',
        about: 'refuses taps and sign-ins of an account; open bets continue',
        load: async () => (await import('./restrictions.ts')).block,
      },
      {
        name: 'accounts unblock',
        about: 'ends a block',
        load: async () => (await import('./restrictions.ts')).unblock,
      },
      {
        name: 'accounts marks',
        about: 'lists how the chances of bets changed just after their lock, by account',
        load: async () => (await import('./marks.ts')).marks,
      },
      {
        name: 'accounts unname',
        about: 'removes the public name of an account from everywhere, at once',
        load: async () => (await import('./restrictions.ts')).unname,
      },
      {
        name: 'accounts limit',
        about: "limits what an account may bet, in addition to its trader's limits",
        load: async () => (await import('./restrictions.ts')).limit,
      },
      {
        name: 'addresses block',
        about: 'refuses all requests from a range of addresses',
        load: async () => (await import('./addresses.ts')).block,
      },
      {
        name: 'addresses unblock',
        about: 'unblocks a range of addresses',
        load: async () => (await import('./addresses.ts')).unblock,
      },
      {
        name: 'addresses list',
        about: 'lists blocked address ranges',
        load: async () => (await import('./addresses.ts')).list,
      },
      {
        name: 'sessions list',
        about: 'lists the sessions of an account',
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
        about: 'stops taking taps, now or at an announced time; open bets continue',
        load: async () => (await import('./trading.ts')).halt,
      },
      {
        name: 'resume',
        about: 'takes taps again',
        load: async () => (await import('./trading.ts')).resume,
      },
      {
        name: 'calendar list',
        about: 'lists the news that the house expects',
        load: async () => (await import('./calendar.ts')).list,
      },
      {
        name: 'calendar add',
        about: 'adds news, around which cells are sold on more careful terms',
        load: async () => (await import('./calendar.ts')).add,
      },
      {
        name: 'calendar remove',
        about: 'removes news from the calendar',
        load: async () => (await import('./calendar.ts')).remove,
      },
      {
        name: 'calendar import',
        about: 'takes the news of a file into the calendar',
        load: async () => (await import('./calendar.ts')).importFile,
      },
      {
        name: 'void-window',
        about: 'refunds all open bets of a window; closed bets stay as they are',
        load: async () => (await import('./void-window.ts')).voidWindow,
      },
      {
        name: 'waiting',
        about: 'lists the orders that need a second person',
        load: async () => (await import('./approvals.ts')).waiting,
      },
      {
        name: 'approve',
        about: "carries out one of them, in your name beside the first operator's",
        load: async () => (await import('./approvals.ts')).approve,
      },
      {
        name: 'dismiss',
        about: 'dismisses an order that waits for a second person',
        load: async () => (await import('./approvals.ts')).dismiss,
      },
      {
        name: 'operators add',
        about: 'creates a token for an operator',
        load: async () => (await import('./operators.ts')).add,
      },
      {
        name: 'operators remove',
        about: 'removes the token of an operator',
        load: async () => (await import('./operators.ts')).remove,
      },
      {
        name: 'operators list',
        about: 'who has one',
        load: async () => (await import('./operators.ts')).list,
      },
      {
        name: 'operators actions',
        about: "operators' actions of a period, as CSV or JSON",
        load: async () => (await import('./actions.ts')).actions,
      },
      {
        name: 'audit',
        about: "lists operators' actions, newest first",
        load: async () => (await import('./audit.ts')).audit,
      },
    ],
  },
];
