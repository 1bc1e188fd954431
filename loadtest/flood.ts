/** Floods a house on this machine with everything that strangers can send. See --help. */
import { setPriority } from 'node:os';
import { end, givenAlone } from '../scripts/command-line/alone.ts';
import { EXIT } from '../scripts/command-line/exit-codes.ts';
import { isLoopback } from './consent.ts';
import { Source, SOURCES } from './flood/source.ts';
import { flood } from './flood/weapons.ts';

/** What it sends is to be the house's trouble, not what it takes from this machine. */
const NICENESS = 15;

const { options } = givenAlone('bun loadtest/flood.ts', {
  about:
    `Sends a house on this machine, from ${SOURCES} addresses at once, messages of every kind and requests ` +
    'to every path at and beyond their limits, packets of thousands of requests, bodies and handshakes ' +
    'that never end, headers that are too large, sockets that never read, and sockets that come back ' +
    'as soon as they are closed. It ends by itself.',
  options: {
    target: { value: '<origin>', fallback: 'http://localhost:3000', about: 'the house, on this machine' },
    seconds: { value: '<n>', whole: [1, 600], fallback: '12', about: 'how long' },
    watchers: { value: '<n>', whole: [0, 15_000], fallback: '0', about: 'sockets that only listen besides' },
  },
  notes: 'Each connection needs a file: see ulimit -n.',
  examples: ['--seconds 30 --watchers 5000'],
  exits: { 0: 'it is over; one line of JSON says how much it was' },
  json: false,
});
const { target, seconds, watchers } = options;
if (!isLoopback(target)) end(`${target} is not this machine: a flood goes nowhere else.`, EXIT.usage);

setPriority(NICENESS);
const source = new Source(Number(new URL(target).port || 80));
const until = performance.now() + seconds * 1_000;
await flood(target, source, watchers, () => performance.now() >= until);
const { opened, refused, openMax, bytes } = source;
process.stdout.write(`${JSON.stringify({ opened, refused, openMax, bytes })}\n`);
process.exit(0);
