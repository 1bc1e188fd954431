/**
 * Holds more sockets than k6 can: watchers of the board that listen and answer pings, and nothing else. See
 * --help.
 */
import { end, givenAlone } from '../scripts/command-line/alone.ts';
import { EXIT } from '../scripts/command-line/exit-codes.ts';
import { quantile } from './bench/spread.ts';
import { isLoopback, refusalOf } from './consent.ts';

const WAIT_MS_FIRST = 1000;
const WAIT_MS_MAX = 30_000;
const REPORT_MS = 5000;
/** One socket in so many reads the time of each tick. */
const READING_EVERY = 20;
const LATENCIES_MAX = 200_000;

const { options } = givenAlone('bun loadtest/swarm.ts', {
  about:
    "Opens sockets to the page's /live at an even pace, keeps them, " +
    'comes back as the page does when one is lost, ' +
    'and tells each five seconds what arrived.',
  options: {
    target: { value: '<origin>', fallback: 'http://localhost:3000', about: 'the server' },
    sockets: { value: '<n>', whole: [1, 25_000], fallback: '1000', about: 'how many' },
    'per-second': { value: '<n>', whole: [1, 2000], fallback: '200', about: 'new ones a second' },
    seconds: { value: '<n>', whole: [1, 86_400], fallback: '60', about: 'after the last is open' },
    'this-host-is-mine': { value: '<host>', about: 'the host of a target that is not this machine' },
  },
  notes: `One address has some 28,000 ports, and each socket needs a file: see ulimit -n. The server bounds sockets by
SOCKETS_MAX and SOCKETS_PER_ADDRESS_MAX; on this machine each socket shows an address of its own, as a proxy
would write it.`,
  examples: ['--sockets 5000 --seconds 120'],
  exits: { 0: 'all were open at the end', 1: 'some were not' },
  json: false,
});
const { sockets, 'per-second': perSecond, seconds } = options;
const target = options.target.replace(/\/+$/, '');
const refusal = refusalOf(target, options['this-host-is-mine'] ?? null);
if (refusal !== null) end(refusal, EXIT.usage);

const totals = { open: 0, opened: 0, lost: 0, refused: 0, bytes: 0, frames: 0 };
let latencies: number[] = [];
let ending = false;
let reportedAt = performance.now();

const reporting = setInterval(tell, REPORT_MS);
for (let index = 0; index < sockets; index++) {
  watch(index, WAIT_MS_FIRST);
  if (index % 10 === 9) await Bun.sleep(10_000 / perSecond);
}
await Bun.sleep(seconds * 1000);
ending = true;
clearInterval(reporting);
tell();
if (totals.open < sockets)
  process.stderr.write(
    `${sockets - totals.open} are not open: raise ` +
      `SOCKETS_MAX${isLoopback(target) ? '' : ', SOCKETS_PER_ADDRESS_MAX and REQUESTS_PER_SECOND_MAX'} ` +
      `on the server, and ulimit -n on both sides\n`,
  );
process.exit(totals.open === sockets ? 0 : 1);

function watch(index: number, waitMs: number): void {
  const reads = index % READING_EVERY === 0;
  const shown = isLoopback(target)
    ? { 'x-forwarded-for': `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}` }
    : {};
  const socket = new WebSocket(`${target.replace(/^http/, 'ws')}/live`, {
    headers: { origin: target, ...shown },
  } as never);
  let opened = false;
  socket.onopen = () => {
    opened = true;
    totals.open++;
    totals.opened++;
  };
  socket.onmessage = ({ data }) => {
    totals.frames++;
    totals.bytes += (data as string).length;
    if (reads && (data as string).startsWith('["t",') && latencies.length < LATENCIES_MAX)
      latencies.push(Date.now() - Number((data as string).split(',')[2]));
  };
  socket.onclose = () => {
    if (ending) return;
    if (opened) totals.lost++;
    else totals.refused++;
    if (opened) totals.open--;
    // Spread out, and further apart with each refusal, as the page does it.
    const next = opened ? WAIT_MS_FIRST : Math.min(WAIT_MS_MAX, waitMs * 2);
    setTimeout(() => watch(index, next), Math.random() * next);
  };
}

function tell(): void {
  const sorted = latencies.toSorted((a, b) => a - b);
  latencies = [];
  const each = totals.bytes / Math.max(1, totals.open) / ((performance.now() - reportedAt) / 1000);
  reportedAt = performance.now();
  process.stdout.write(
    `${totals.open} open (${totals.opened} opened, ${totals.lost} lost, ${totals.refused} refused), ` +
      `${totals.frames} frames, ${Math.round(each)} B/s each, ` +
      `tick to frame p50 ${quantile(sorted, 0.5)} ms p99 ${quantile(sorted, 0.99)} ms\n`,
  );
  [totals.bytes, totals.frames] = [0, 0];
}
