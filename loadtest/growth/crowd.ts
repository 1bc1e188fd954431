import type { Chance } from '../../scripts/replay-market/chance.ts';
import { dollars } from '../../server/game/money.ts';
import { Person } from './person.ts';

/** Of the bets, so many are made by people who come again and again, and by one who does nothing else. */
const REGULARS_SHARE = 0.05;
const ADDICT_SHARE = 0.01;
/** One in so many who come stays a regular. */
const REGULAR_EVERY = 100;
const REGULARS_MAX = 20_000;
/**
 * Enough for stakes of a dollar; all grants together have to stay below what one account of the house can
 * hold.
 */
const GRANT = dollars(1_000);
const ADDICT_GRANT = dollars(1_000_000);

/**
 * Who bets: most come once, make some bets and are gone, so that the newest rows of every table are busy and
 * the old ones are not; regulars have their rows all over the books; and one account has a hundredth of all
 * bets, for statements and histories of many pages.
 */
export class Crowd {
  readonly #here: Person[] = [];
  readonly #regulars: Person[] = [];
  readonly #betsMost: number;
  #addict: Person | null = null;
  #came = 0;

  /** So many accounts make so many bets. */
  constructor(
    private readonly chance: Chance,
    bets: number,
    accounts: number,
  ) {
    const betsEach =
      (bets * (1 - REGULARS_SHARE - ADDICT_SHARE)) / Math.max(1, accounts * (1 - 1 / REGULAR_EVERY));
    this.#betsMost = Math.max(1, Math.round(2 * betsEach));
  }

  /** The first who came. */
  get addict(): Person | null {
    return this.#addict;
  }

  /** Somebody new. */
  meet(at: number): Person {
    const person = new Person(
      at,
      1 + this.chance.below(this.#betsMost),
      this.#addict === null ? ADDICT_GRANT : GRANT,
    );
    if (this.#addict === null) this.#addict = person;
    else if (this.#came++ % REGULAR_EVERY === 0 && this.#regulars.length < REGULARS_MAX)
      this.#regulars.push(person);
    else this.#here.push(person);
    return person;
  }

  /** Whoever makes the next bets; null before anybody came. */
  next(bets: number): Person | null {
    const draw = this.chance.next();
    if (draw < ADDICT_SHARE || this.#regulars.length === 0) return this.#addict;
    if (draw < ADDICT_SHARE + REGULARS_SHARE || this.#here.length === 0)
      return this.chance.pick(this.#regulars);
    const index = this.chance.below(this.#here.length);
    const person = this.#here[index]!;
    person.betsLeft -= bets;
    if (person.betsLeft <= 0) {
      this.#here[index] = this.#here.at(-1)!;
      this.#here.pop();
    }
    return person;
  }
}
