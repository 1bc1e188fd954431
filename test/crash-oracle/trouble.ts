import type { Chance } from '../../scripts/replay-market/chance.ts';
import type { Jobs } from './jobs.ts';
import type { Machine } from './machine.ts';
import type { Tally } from './tally.ts';

const HOLD_MS_MAX = 1_500;
/** Steps of the clock while a server is at work. */
const STEPS_MS = [-1_500, 1_500, 4_000];

const TROUBLES = [
  'none',
  'none',
  'none',
  'little room',
  'no room',
  'hold engine',
  'hold edge',
  'hold client',
  'hold job',
  'hold job',
  'clock',
] as const;

/** One of what happens to a machine beside crashes, or nothing. @returns which */
export async function trouble(
  chance: Chance,
  machine: Machine,
  client: Bun.Subprocess,
  jobs: Jobs,
  tally: Tally,
): Promise<(typeof TROUBLES)[number]> {
  const what = chance.pick(TROUBLES);
  const ms = chance.below(HOLD_MS_MAX);
  if (what === 'hold job') await jobs.hold(chance, ms);
  if (what === 'hold engine') await machine.hold('engine', ms);
  if (what === 'hold edge') await machine.hold('edge', ms);
  if (what === 'hold client') {
    client.kill('SIGSTOP');
    tally.signal('client', 'SIGSTOP');
    await Bun.sleep(ms);
    client.kill('SIGCONT');
  }
  if (what === 'clock' && machine.clock !== null) machine.step(chance.pick(STEPS_MS));
  if (what === 'little room' || what === 'no room') machine.fill(what);
  return what;
}
