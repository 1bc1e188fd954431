/** Niceness of an edge that has more to do than others, and while it starts. */
const BUSY_NICENESS = 15;
/** Share of a processor above which it is busy, and below which it is calm. */
const BUSY_SHARE = 0.5;
const CALM_SHARE = 0.3;
/** Calm seconds in a row after which it comes forward. */
const CALM_LOOKS = 3;

interface Parts {
  /** Niceness of an edge that has little to do. */
  readonly niceness: number;
  /** @throws where the system does not let it */
  readonly setNiceness: (niceness: number) => void;
  /** Time of the processor that the process has used, ms. */
  readonly usedMs: () => number;
  /** A clock that never jumps, ms. */
  readonly steadyMs: () => number;
}

/**
 * How far behind others the loop of an edge goes. One that strangers keep busy, or that starts again and
 * again, goes behind the other edges, so that their traders wait for no flood. A system that would not let it
 * come forward again is never asked to let it go back.
 */
export class Precedence {
  readonly #mayReturn: boolean;
  #isBack = false;
  #calm = 0;
  #usedMs: number;
  #at: number;

  /** It is starting: behind the others until it is calm. */
  constructor(private readonly parts: Parts) {
    this.#usedMs = parts.usedMs();
    this.#at = parts.steadyMs();
    this.#mayReturn = canReturn(parts);
    this.#goBack();
  }

  /** To be called every second. */
  look(): void {
    const [usedMs, at] = [this.parts.usedMs(), this.parts.steadyMs()];
    const share = (usedMs - this.#usedMs) / Math.max(1, at - this.#at);
    [this.#usedMs, this.#at] = [usedMs, at];
    this.#calm = share < CALM_SHARE ? this.#calm + 1 : 0;
    if (share > BUSY_SHARE) this.#goBack();
    else if (this.#isBack && this.#calm >= CALM_LOOKS) this.#set(false);
  }

  #goBack(): void {
    if (this.#mayReturn && !this.#isBack) this.#set(true);
  }

  #set(back: boolean): void {
    this.#isBack = back;
    this.parts.setNiceness(back ? BUSY_NICENESS : this.parts.niceness);
  }
}

/** One step back and forth again; where the second is refused the first does no harm. */
function canReturn({ niceness, setNiceness }: Parts): boolean {
  try {
    setNiceness(niceness);
    setNiceness(niceness + 1);
    setNiceness(niceness);
    return true;
  } catch {
    return false;
  }
}
