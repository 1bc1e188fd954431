import type { Table } from '../../command-line/table.ts';

/** Commands that prove, keep and move the books. */
export const BOOKS: Table = [
  {
    title: 'Proof',
    entries: [
      {
        name: 'verify-ledger',
        about: 'checks every invariant, both hash chains and every outcome',
        load: async () => (await import('./verify-ledger.ts')).verifyLedger,
      },
      {
        name: 'verify-receipt',
        about: 'checks the receipt of a bet, offline or against what a house publishes',
        load: async () => (await import('./verify-receipt.ts')).verifyReceipt,
      },
    ],
  },
  {
    title: 'Backup and restore',
    entries: [
      {
        name: 'backup run',
        about: 'takes a snapshot, proves it and sends it away',
        load: async () => (await import('./backup.ts')).run,
      },
      {
        name: 'backup tail',
        about: 'ships what was committed every 2 s, until it is stopped',
        load: async () => (await import('./backup.ts')).tail,
      },
      {
        name: 'backup status',
        about: 'what there is, how old it is, and how far the tail is behind',
        load: async () => (await import('./backup.ts')).status,
      },
      {
        name: 'backup verify',
        about: 'reads every byte of all backups, and restores what each would give',
        load: async () => (await import('./backup.ts')).verify,
      },
      {
        name: 'backup prune',
        about: 'removes what need not be kept',
        load: async () => (await import('./backup.ts')).prune,
      },
      {
        name: 'copy-database',
        about: 'copies a database that may be in use; backups start this for themselves',
        isInternal: true,
        load: async () => (await import('./copy-database.ts')).copyDatabase,
      },
      {
        name: 'restore',
        about: 'restores the books from a backup into an empty folder, and proves them',
        load: async () => (await import('./restore.ts')).restore,
      },
    ],
  },
  {
    title: 'Archive',
    entries: [
      {
        name: 'archive run',
        about: 'moves closed bets that are due out of the live books into verified history',
        load: async () => (await import('./archive.ts')).run,
      },
      {
        name: 'archive status',
        about: 'what is archived, what is live, and what the next run would do',
        load: async () => (await import('./archive.ts')).status,
      },
      {
        name: 'archive verify',
        about: 'reads every segment back and computes all of it again',
        load: async () => (await import('./archive.ts')).verify,
      },
      {
        name: 'archive get',
        about: 'all rows of an archived bet',
        load: async () => (await import('./archive.ts')).get,
      },
      {
        name: 'archive restore',
        about: 'brings a segment or a week back to the disk',
        load: async () => (await import('./archive.ts')).restore,
      },
      {
        name: 'archive fetch',
        about: 'reads a segment for pages and API',
        load: async () => (await import('./archive.ts')).fetch,
      },
      {
        name: 'archive explain',
        about: 'where a bet is and why, or what goes when',
        load: async () => (await import('./archive.ts')).explain,
      },
    ],
  },
];
