import type { Table } from '../../command-line/table.ts';

/** Commands for recorded prices. */
export const PRICES: Table = [
  {
    title: 'Recorded prices',
    entries: [
      {
        name: 'record',
        about: "records the oracle's price",
        load: async () => (await import('./record.ts')).record,
      },
      {
        name: 'import',
        about: 'converts a price file from an exchange or data site into a recording',
        load: async () => (await import('./import.ts')).importRecording,
      },
      {
        name: 'replay',
        about: 'replays a recording through the whole engine, with simulated traders',
        load: async () => (await import('./replay.ts')).replay,
      },
    ],
  },
];
