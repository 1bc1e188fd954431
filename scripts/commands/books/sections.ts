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
        name: 'verify-shadow',
        about: 'works the shadow book out again; shows what all cells really paid',
        load: async () => (await import('./verify-shadow.ts')).verifyShadow,
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
        about: 'takes a snapshot, verifies it and sends it to the bucket',
        load: async () => (await import('./backup.ts')).run,
      },
      {
        name: 'backup tail',
        about: 'ships new commits every 2 s until stopped',
        load: async () => (await import('./backup.ts')).tail,
      },
      {
        name: 'backup status',
        about: 'shows which backups exist, how old they are, and how far the tail is behind',
        load: async () => (await import('./backup.ts')).status,
      },
      {
        name: 'backup verify',
        about: 'reads every byte of all backups and tries to restore each',
        load: async () => (await import('./backup.ts')).verify,
      },
      {
        name: 'backup prune',
        about: 'removes old snapshots',
        load: async () => (await import('./backup.ts')).prune,
      },
      {
        name: 'copy-database',
        about: 'copies a database, even one in use; backups run this themselves',
        isInternal: true,
        load: async () => (await import('./copy-database.ts')).copyDatabase,
      },
      {
        name: 'restore',
        about: 'restores the books from a backup into an empty folder and verifies them',
        load: async () => (await import('./restore.ts')).restore,
      },
    ],
  },
  {
    title: 'Archive',
    entries: [
      {
        name: 'archive run',
        about: 'moves closed bets that are due from the live books to the archive',
        load: async () => (await import('./archive.ts')).run,
      },
      {
        name: 'archive status',
        about: 'shows what is archived, what is live, and what the next run would do',
        load: async () => (await import('./archive.ts')).status,
      },
      {
        name: 'archive verify',
        about: 'reads every segment back and recomputes everything',
        load: async () => (await import('./archive.ts')).verify,
      },
      {
        name: 'archive get',
        about: 'prints all rows of an archived bet',
        load: async () => (await import('./archive.ts')).get,
      },
      {
        name: 'archive restore',
        about: 'brings a segment or a week back to the disk',
        load: async () => (await import('./archive.ts')).restore,
      },
      {
        name: 'archive fetch',
        about: 'fetches a segment for the pages and the API',
        load: async () => (await import('./archive.ts')).fetch,
      },
      {
        name: 'archive explain',
        about: 'explains where a bet is and why, or what is archived when',
        load: async () => (await import('./archive.ts')).explain,
      },
    ],
  },
];
