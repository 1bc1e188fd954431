import type { Table } from '../command-line/table.ts';

/**
 * All commands of `tapgrid`, in the order of its help. To add one:
 *
 * 1. Define it in a file of this folder or one below with `command({…})`: words, options, an example and what its exit codes
 *    mean. `scripts/command-line/command.ts` describes every field; `operate/trading.ts` is a short one to copy.
 * 2. Name it here with one line about it. Names have one word or two (`accounts find`); `load` imports its file
 *    alone, so that no command waits for what another needs.
 *
 * Help, parsing, --json, progress, error codes and exit codes come from the shell, `scripts/command-line/`:
 * `run` returns an `Outcome` or throws a `CommandFailure`, and writes nothing itself. `table.test.ts` checks each entry.
 */
export const COMMANDS: Table = [
  {
    title: 'Server',
    entries: [
      {
        name: 'start',
        about: 'runs the server, as tapgrid does without a command; --help lists all settings',
        load: async () => (await import('./start.ts')).start,
      },
      {
        name: 'new-house',
        about: 'makes the books of a new house where a start refuses to, because a house is elsewhere',
        load: async () => (await import('./new-house.ts')).newHouse,
      },
      {
        name: 'doctor',
        about: 'looks at the whole installation, and says what is wrong and what to do',
        load: async () => (await import('./doctor.ts')).doctor,
      },
      {
        name: 'support-bundle',
        about: 'one file with what a helper asks for first, without secrets',
        load: async () => (await import('./support-bundle.ts')).supportBundle,
      },
      {
        name: 'probe',
        about: 'taps with play money as a trader does, and says whether the tap was taken',
        load: async () => (await import('./probe.ts')).probe,
      },
    ],
  },
  {
    title: 'Accounts, sessions and addresses',
    entries: [
      {
        name: 'accounts find',
        about: 'accounts by id, by the beginning of one, or by wallet address',
        load: async () => (await import('./operate/accounts.ts')).find,
      },
      {
        name: 'accounts gaps',
        about: 'to whom gaps in the prices gave stakes back, and how often beside others',
        load: async () => (await import('./operate/accounts.ts')).gaps,
      },
      {
        name: 'accounts credit',
        about: 'money to an account',
        load: async () => (await import('./operate/accounts.ts')).credit,
      },
      {
        name: 'accounts debit',
        about: 'money from an account, at most what it holds',
        load: async () => (await import('./operate/accounts.ts')).debit,
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
        load: async () => (await import('./operate/sessions.ts')).list,
      },
      {
        name: 'sessions revoke',
        about: 'ends the sessions of an account, or one of them',
        load: async () => (await import('./operate/sessions.ts')).revoke,
      },
    ],
  },
  {
    title: 'Running the house',
    entries: [
      {
        name: 'halt',
        about: 'takes no more taps; open bets continue; outlives a restart',
        load: async () => (await import('./operate/trading.ts')).halt,
      },
      {
        name: 'resume',
        about: 'takes taps again',
        load: async () => (await import('./operate/trading.ts')).resume,
      },
      {
        name: 'void-window',
        about: 'gives back the stakes of all open bets of a window; closed bets stay as they are',
        load: async () => (await import('./operate/void-window.ts')).voidWindow,
      },
      {
        name: 'waiting',
        about: 'orders that need a second person',
        load: async () => (await import('./operate/approvals.ts')).waiting,
      },
      {
        name: 'approve',
        about: 'carries one of them out, in your name beside that of who gave it',
        load: async () => (await import('./operate/approvals.ts')).approve,
      },
      {
        name: 'audit',
        about: 'what was done by hand, newest first',
        load: async () => (await import('./operate/audit.ts')).audit,
      },
    ],
  },
  {
    title: 'Proof',
    entries: [
      {
        name: 'verify-ledger',
        about: 'checks every invariant, both hash chains and every outcome',
        load: async () => (await import('./books/verify-ledger.ts')).verifyLedger,
      },
      {
        name: 'verify-receipt',
        about: 'checks the receipt of a bet, offline or against what a house publishes',
        load: async () => (await import('./books/verify-receipt.ts')).verifyReceipt,
      },
    ],
  },
  {
    title: 'Backup and restore',
    entries: [
      {
        name: 'backup run',
        about: 'takes a snapshot, proves it and sends it away',
        load: async () => (await import('./books/backup.ts')).run,
      },
      {
        name: 'backup tail',
        about: 'ships what was committed every 2 s, until it is stopped',
        load: async () => (await import('./books/backup.ts')).tail,
      },
      {
        name: 'backup status',
        about: 'what there is, how old it is, and how far the tail is behind',
        load: async () => (await import('./books/backup.ts')).status,
      },
      {
        name: 'backup verify',
        about: 'reads every byte of all backups, and restores what each would give',
        load: async () => (await import('./books/backup.ts')).verify,
      },
      {
        name: 'backup prune',
        about: 'removes what need not be kept',
        load: async () => (await import('./books/backup.ts')).prune,
      },
      {
        name: 'copy-database',
        about: 'copies a database that may be in use; backups start this for themselves',
        isInternal: true,
        load: async () => (await import('./books/copy-database.ts')).copyDatabase,
      },
      {
        name: 'restore',
        about: 'restores the books from a backup into an empty folder, and proves them',
        load: async () => (await import('./books/restore.ts')).restore,
      },
    ],
  },
  {
    title: 'Archive',
    entries: [
      {
        name: 'archive run',
        about: 'moves closed bets that are due out of the live books into verified history',
        load: async () => (await import('./books/archive.ts')).run,
      },
      {
        name: 'archive status',
        about: 'what is archived, what is live, and what the next run would do',
        load: async () => (await import('./books/archive.ts')).status,
      },
      {
        name: 'archive verify',
        about: 'reads every segment back and computes all of it again',
        load: async () => (await import('./books/archive.ts')).verify,
      },
      {
        name: 'archive get',
        about: 'all rows of an archived bet',
        load: async () => (await import('./books/archive.ts')).get,
      },
      {
        name: 'archive restore',
        about: 'brings a segment or a week back to the disk',
        load: async () => (await import('./books/archive.ts')).restore,
      },
      {
        name: 'archive fetch',
        about: 'reads a segment for pages and API',
        load: async () => (await import('./books/archive.ts')).fetch,
      },
      {
        name: 'archive explain',
        about: 'where a bet is and why, or what goes when',
        load: async () => (await import('./books/archive.ts')).explain,
      },
    ],
  },
  {
    title: 'Recorded prices',
    entries: [
      {
        name: 'record',
        about: 'records the price that the oracle would take',
        load: async () => (await import('./prices/record.ts')).record,
      },
      {
        name: 'import',
        about: 'turns a price file of an exchange or data site into a recording',
        load: async () => (await import('./prices/import.ts')).importRecording,
      },
      {
        name: 'replay',
        about: 'replays a recording through the whole engine, with simulated traders',
        load: async () => (await import('./prices/replay.ts')).replay,
      },
    ],
  },
];
