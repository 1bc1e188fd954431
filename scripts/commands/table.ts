import type { Table } from '../command-line/table.ts';
import { BOOKS } from './books/sections.ts';
import { OPERATE } from './operate/sections.ts';
import { PRICES } from './prices/sections.ts';

/**
 * All commands of `tapgrid`, in the order of its help. To add one:
 *
 * 1. Define it in a file of this folder or one below with `command({…})`: words, options, an example and what
 *    its exit codes mean. `scripts/command-line/command.ts` describes every field; `operate/trading.ts` is a
 *    short one to copy.
 * 2. Name it here, or in the `sections.ts` of its folder, with one line about it. Names have one word or two
 *    (`accounts find`); `load` imports its file alone, so that no command waits for what another needs.
 * 3. `bun scripts/write-config-table.ts` writes it into docs/commands.md.
 *
 * Help, parsing, --json, progress, error codes and exit codes come from the shell, `scripts/command-line/`:
 * `run` returns an `Outcome` or throws a `CommandFailure`, and writes nothing itself. `table.test.ts` checks
 * each entry.
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
        about: 'creates the books of a new house even though a house exists elsewhere',
        load: async () => (await import('./new-house.ts')).newHouse,
      },
      {
        name: 'doctor',
        about: 'checks the whole installation; says what is wrong and what to do',
        load: async () => (await import('./doctor.ts')).doctor,
      },
      {
        name: 'support-bundle',
        about: 'collects what support asks for first in one file, without secrets',
        load: async () => (await import('./support-bundle.ts')).supportBundle,
      },
      {
        name: 'probe',
        about: 'taps with play money as a trader does, and reports whether it works',
        load: async () => (await import('./probe.ts')).probe,
      },
      {
        name: 'settings',
        about: 'shows the effective value of every setting and where it comes from',
        load: async () => (await import('./settings.ts')).settings,
      },
      {
        name: 'draw-card',
        about: 'draws the card of a win; servers run this themselves',
        isInternal: true,
        load: async () => (await import('./draw-card.ts')).drawCard,
      },
      {
        name: 'rehearse',
        about: 'rehearses this release on a copy of the books; deploy.sh runs it',
        load: async () => (await import('./rehearse.ts')).rehearse,
      },
    ],
  },
  ...OPERATE,
  ...BOOKS,
  ...PRICES,
];
