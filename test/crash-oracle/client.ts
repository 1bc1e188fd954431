import { Chance } from '../../scripts/replay-market/chance.ts';
import { Journal } from './journal.ts';
import { Trader } from './trader.ts';

/**
 * Traders in a process of their own. Arguments: origin, journal, number of traders, seed. It ends when it is
 * told to by SIGTERM, after the unanswered orders were asked about; between SIGUSR1 and SIGUSR2 nobody
 * orders.
 */
const [origin, journalPath, traders, seed] = process.argv.slice(2) as [string, string, string, string];
/** It ends by itself when whoever started it is gone. */
const WATCH_MS = 1_000;
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(3);
}, WATCH_MS).unref();
let [ending, resting] = [false, false];
process.on('SIGTERM', () => {
  ending = true;
});
process.on('SIGUSR1', () => {
  resting = true;
});
process.on('SIGUSR2', () => {
  resting = false;
});

const journal = new Journal(journalPath);
const all = Array.from(
  { length: Number(traders) },
  (_, index) => new Trader(origin, journal, new Chance(Number(seed) + index)),
);
await Promise.all(
  all.map((trader) =>
    trader.play(
      () => ending,
      () => resting,
    ),
  ),
);
journal.close();
