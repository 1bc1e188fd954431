import type { Recording } from '../../server/feed/recording.ts';
import { auditBets } from './audit.ts';
import { engineOptions, openHouse } from './house.ts';
import type { LockMode, Options } from './options.ts';
import type { Shell } from '../command-line/command.ts';
import { playTape } from './replay.ts';
import { tradersOf, type Run } from './report.ts';
import { Tape } from './tape.ts';

/** Steps between two looks at the progress. */
const PROGRESS_STEPS = 50;

/** One pass over the recording with the lock on or off: played, then every bet checked against the books. */
export async function runReplay(
  recording: Recording,
  options: Options,
  lock: LockMode,
  stopped: () => boolean,
  progress: Shell['progress'],
): Promise<Run> {
  const holdMs = lock === 'on' ? options.holdMs : 0;
  const engine = engineOptions(options, holdMs);
  const tape = new Tape(recording, Math.max(...engine.windows));
  const house = await openHouse(tape, engine, options.ledger);
  try {
    const startedAt = performance.now();
    const processor = process.cpuUsage();
    let step = 0;
    const played = await playTape(house, tape, options, {
      stopped,
      onStep(at, accepted) {
        if (++step % PROGRESS_STEPS === 0)
          progress(
            `lock ${lock}, playing`,
            (at - tape.startAt) / (tape.endAt - tape.startAt || 1),
            `${accepted} bets`,
          );
      },
    });
    const { user, system } = process.cpuUsage(processor);
    const playedAt = performance.now();
    const { activities, ...course } = played;
    const rules = { holdMs, maxGapMs: engine.maxGapMs, until: played.endedAt };
    const audit = await auditBets(house.log, house.issued(), activities.length, rules, (share) =>
      progress(`lock ${lock}, checking`, share),
    );
    const invariants = house.invariants();
    const playSeconds = (playedAt - startedAt) / 1000;
    return {
      lock,
      holdMs,
      tickMs: engine.tickMs,
      ...course,
      bets: audit.checked,
      mismatches: audit.mismatches,
      examples: audit.examples,
      invariants,
      traders: tradersOf(activities, audit, options.seed),
      timing: {
        playSeconds,
        playProcessorSeconds: (user + system) / 1e6,
        auditSeconds: (performance.now() - playedAt) / 1000,
        ticksPerSecond: played.steps / playSeconds,
        betsPerSecond: audit.checked / playSeconds,
      },
    };
  } finally {
    await house.close();
  }
}
