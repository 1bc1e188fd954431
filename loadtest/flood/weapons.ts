import { handshake, MESSAGES, VIOLATIONS } from './frames.ts';
import { misbehave } from './player.ts';
import { HALF_OPEN, HUGE_HEAD, PACKET, REQUESTS, SLOW_BODY } from './requests.ts';
import { SOURCES, type Attack, type Source } from './source.ts';

/** One kind of attack: so many at a time, each again when it has ended. @param turn counts them. */
interface Weapon {
  readonly atATime: number;
  readonly strike: (turn: number) => Promise<unknown>;
}

const BREATH_MS = 10;
const MESSAGES_A_SOCKET = 60;
const REQUESTS_A_CONNECTION = 20;
const PATHS = ['/live', '/api/v1/stream'] as const;
/** Longer than any flood: the house or the end of the flood closes them. */
const FOR_EVER_MS = 3_600_000;

const some = <One>(from: readonly One[], first: number, count: number): One[] =>
  Array.from({ length: count }, (_, n) => from[(first + n) % from.length]!);

const talking = (origin: string, turn: number): Attack => ({
  first: handshake(origin, PATHS[turn % 2]!),
  then: Buffer.concat([
    ...some(MESSAGES, turn, MESSAGES_A_SOCKET * (turn % 3 === 0 ? 1 : 0.5)),
    VIOLATIONS[turn % VIOLATIONS.length]!,
  ]),
  lastsMs: 500,
});

/** Everything that strangers can send to a house, at and beyond its limits. */
const weaponsOf = (origin: string, source: Source): Readonly<Record<string, Weapon>> => {
  const attacks = (atATime: number, attack: (turn: number) => Attack): Weapon => ({
    atATime,
    strike: (turn) => source.attack(turn, attack(turn)),
  });
  return {
    reconnecting: attacks(100, (turn) => talking(origin, turn)),
    requests: attacks(40, (turn) => ({
      first: some(REQUESTS, turn * REQUESTS_A_CONNECTION, REQUESTS_A_CONNECTION).join(''),
      lastsMs: 2_000,
    })),
    packets: attacks(2, () => ({ first: PACKET, lastsMs: 3_000 })),
    unread: attacks(20, () => ({ first: PACKET.slice(0, 100_000), isDeaf: true, lastsMs: 10_000 })),
    slowBodies: attacks(50, () => ({
      first: SLOW_BODY,
      drip: { bytes: ' ', everyMs: 500 },
      lastsMs: 15_000,
    })),
    halfOpen: attacks(50, () => ({ first: HALF_OPEN, drip: { bytes: 'r', everyMs: 500 }, lastsMs: 15_000 })),
    hugeHeads: attacks(8, () => ({ first: HUGE_HEAD, lastsMs: 1_000 })),
    deafSockets: attacks(50, (turn) => ({
      first: handshake(origin, PATHS[turn % 2]!),
      isDeaf: true,
      lastsMs: 30_000,
    })),
    players: { atATime: 8, strike: (turn) => misbehave(origin, turn) },
  };
};

/**
 * Uses all weapons at once, and holds sockets that only listen besides, until it is over; what is refused or
 * cut off comes again.
 */
export async function flood(
  origin: string,
  source: Source,
  watchers: number,
  isOver: () => boolean,
): Promise<void> {
  let turn = 0;
  const repeat = async (strike: Weapon['strike']): Promise<void> => {
    while (!isOver()) {
      turn += 1;
      await strike(turn).catch(() => {});
      await Bun.sleep(BREATH_MS);
    }
  };
  const watch = (number: number) => (): Promise<void> =>
    source.attack(number, { first: handshake(origin, PATHS[0]), lastsMs: FOR_EVER_MS });
  for (const { atATime, strike } of Object.values(weaponsOf(origin, source)))
    for (let n = 0; n < atATime; n++) void repeat(strike);
  for (let n = 0; n < watchers && !isOver(); n++) {
    void repeat(watch(n));
    if (n % SOURCES === SOURCES - 1) await Bun.sleep(BREATH_MS * 10);
  }
  while (!isOver()) await Bun.sleep(BREATH_MS * 10);
}
