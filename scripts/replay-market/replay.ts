import { present } from '../../server/game/present.ts';
import type { RejectionCode } from '../../server/game/rejection.ts';
import type { Session } from '../../server/game/session.ts';
import type { SignedTaps } from '../../server/game/tap.ts';
import type { OrderAnswer } from '../../server/ports/house.ts';
import { Chance } from './chance.ts';
import { WARM_SECONDS } from '../../server/game/volatility.ts';
import { idOf, type ReplayHouse } from './house.ts';
import type { Options } from './options.ts';
import type { Tape } from './tape.ts';
import { choose, type TraderSpec } from './trader.ts';

/** What one trader did, besides his bets. */
export interface Activity {
  readonly trader: string;
  looks: number;
  /** Looks at which nothing on the board was for him. */
  passes: number;
  taps: number;
  accepted: number;
  readonly refusals: Partial<Record<RejectionCode, number>>;
}

export interface Played {
  readonly steps: number;
  readonly ticks: number;
  readonly revisions: number;
  /** Of the revisions, those that sold nothing, by reason. */
  readonly pauses: Readonly<Record<string, number>>;
  readonly tapsFrom: number;
  /** Time on the tape at which it ended. */
  readonly endedAt: number;
  readonly interrupted: boolean;
  readonly activities: readonly Activity[];
}

export interface Watcher {
  /** Ends the replay at the next step when true. */
  readonly stopped: () => boolean;
  readonly onStep: (at: number, accepted: number) => void;
}

/** From this length on a recording is long enough to wait until the estimate is warm. */
const WARM_TAPS_MINUTES_MIN = 45;

interface Player {
  readonly spec: TraderSpec;
  readonly chance: Chance;
  readonly sessions: readonly Session[];
  readonly activity: Activity;
  nextAt: number;
}

/**
 * Plays the tape from its first row until the last bet is decided: a step of the engine every tick, and the
 * taps between it and the next at one moment of chance.
 */
export async function playTape(
  house: ReplayHouse,
  tape: Tape,
  replay: Options,
  watcher: Watcher,
): Promise<Played> {
  const { engine, clock, options } = house;
  const { tickMs } = options;
  const tally = { ticks: 0, revisions: 0, pauses: {} as Record<string, number> };
  const stops = [
    engine.events.on('tick', () => void tally.ticks++),
    engine.events.on('board', ({ revision }) => {
      tally.revisions++;
      if (revision.pause !== null) tally.pauses[revision.pause] = (tally.pauses[revision.pause] ?? 0) + 1;
    }),
  ];
  // Accounts take turns, so that one is back only when its cells are decided.
  const horizonMs = (options.columnsAhead + 2) * Math.max(...options.windows);
  const players = await seatPlayers(house, replay, horizonMs);
  const tapsFrom = tape.startAt + (waitsForWarmth(tape, replay) ? (WARM_SECONDS + 1) * 1000 : 0);
  const tapsUntil = tape.endAt - horizonMs;
  for (const player of players) player.nextAt = tapsFrom + waitOf(player, replay);
  const offsets = new Chance(replay.seed ^ 0x5bd1e995);
  let at = tape.startAt;
  let steps = 0;
  let accepted = 0;
  const until = tape.endAt + horizonMs + options.maxGapMs;
  for (
    ;
    at <= until && (at <= tape.endAt || engine.settlement.openBets > 0) && !watcher.stopped();
    at += tickMs
  ) {
    clock.now = at;
    engine.step(at);
    steps++;
    const offset = offsets.below(tickMs);
    const orders =
      at < tapsUntil ? players.flatMap((player) => ordersOf(player, house, tape, replay, at, offset)) : [];
    if (orders.length > 0) accepted += await place(orders, house, at + offset);
    await house.settled();
    watcher.onStep(at, accepted);
  }
  for (const stop of stops) stop();
  return {
    steps,
    ...tally,
    tapsFrom,
    endedAt: at - tickMs,
    interrupted: watcher.stopped(),
    activities: players.map(({ activity }) => activity),
  };
}

const waitsForWarmth = (tape: Tape, { tapFrom }: Options): boolean =>
  tapFrom === null ? tape.endAt - tape.startAt >= WARM_TAPS_MINUTES_MIN * 60_000 : tapFrom === 'warm';

const ACCOUNTS_MAX = 4_096;
const ACCOUNT_IDS = 0x100;

async function seatPlayers(
  house: ReplayHouse,
  { traders, seed, tapsPerSecond }: Options,
  horizonMs: number,
): Promise<Player[]> {
  const accounts = Math.min(ACCOUNTS_MAX, Math.ceil((tapsPerSecond * horizonMs * 1.5) / 1000) + 4);
  const players: Player[] = [];
  for (const [seat, spec] of traders.entries()) {
    const sessions: Session[] = [];
    for (let number = 0; number < accounts; number++)
      sessions.push(await house.openAccount(idOf(ACCOUNT_IDS + seat, number), accounts * traders.length));
    // A random stream for each trader: they act the same whoever else plays.
    const chance = new Chance(Bun.hash.crc32(`${seed} ${spec.name}`));
    players.push({
      spec,
      chance,
      sessions,
      activity: { trader: spec.name, looks: 0, passes: 0, taps: 0, accepted: 0, refusals: {} },
      nextAt: 0,
    });
  }
  return players;
}

/** Seat of the trader to whom the account belongs. */
export const seatOf = (accountId: string): number => parseInt(accountId.slice(0, 8), 16) - ACCOUNT_IDS;

const waitOf = ({ chance }: Player, { tapsPerSecond }: Options): number =>
  (-Math.log(1 - chance.next()) * 1000) / tapsPerSecond;

interface Placing {
  readonly player: Player;
  readonly order: SignedTaps;
  readonly session: Session;
}

const NONCE_IDS = 2;
const DEADLINE_MS = 10_000;

/** The looks that fall between this step and the next. */
function ordersOf(
  player: Player,
  house: ReplayHouse,
  tape: Tape,
  replay: Options,
  at: number,
  offset: number,
): Placing[] {
  const placings: Placing[] = [];
  const { activity, chance, spec, sessions } = player;
  const board = house.engine.board();
  const { fastSlow } = house.engine.market.estimator.snapshot();
  for (; player.nextAt < at + house.options.tickMs; player.nextAt += waitOf(player, replay)) {
    if (player.nextAt < at || board === null) continue;
    activity.looks++;
    const sight = { at: at + offset, board, fastSlow, priceAt: tape.priceAt };
    const choice = choose(spec, sight, chance);
    const stake = chance.pick(house.options.stakes);
    if (choice === null) {
      activity.passes++;
      continue;
    }
    const number = activity.taps++;
    const session = present(sessions[number % sessions.length], 'session');
    placings.push({
      player,
      session,
      order: {
        nonce: idOf(NONCE_IDS, Math.floor(number / sessions.length)),
        deadline: at + DEADLINE_MS,
        taps: [{ ...choice, stake }],
        signature: '',
      },
    });
  }
  return placings;
}

/** @returns how many became bets. */
async function place(
  placings: readonly Placing[],
  { engine, clock }: ReplayHouse,
  at: number,
): Promise<number> {
  clock.now = at;
  const answers = await Promise.all(
    placings.map(async ({ order, session, player: { activity } }) => ({
      activity,
      code: refusalOf(await engine.order(order, session)),
    })),
  );
  let accepted = 0;
  for (const { code, activity } of answers) {
    if (code === null) activity.accepted++;
    else activity.refusals[code] = (activity.refusals[code] ?? 0) + 1;
    accepted += Number(code === null);
  }
  return accepted;
}

function refusalOf(answer: OrderAnswer): RejectionCode | null {
  if ('code' in answer) return answer.code;
  const [result] = answer.results;
  return result?.status === 'rejected' ? result.code : null;
}
