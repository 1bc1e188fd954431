import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Wire } from './wire.ts';

/** Keys as W3C WebDriver spells them: https://www.w3.org/TR/webdriver2/#keyboard-actions. */
export const KEYS = {
  tab: '\uE004',
  enter: '\uE007',
  escape: '\uE00C',
  left: '\uE012',
  down: '\uE015',
  right: '\uE014',
} as const;

export interface Point {
  readonly x: number;
  readonly y: number;
}

const WAIT_MS_MAX = 40_000;
const LOOK_MS = 50;
const AGAIN_MS = 8_000;
const TRIES_MAX = 4;
/** As a finger does. */
const HELD_MS = 80;

/** A page in a browser, as a person has it: what is done to it goes through the browser's own input. */
export class Browser {
  /** @param pointer what its driver can play on the glass */
  constructor(
    private readonly wire: Wire,
    private readonly pointer: 'touch' | 'mouse',
  ) {}

  get complaints(): readonly string[] {
    return this.wire.complaints;
  }

  async open(url: string): Promise<void> {
    await this.wire.send('POST /url', { url });
  }

  async reload(): Promise<void> {
    await this.wire.send('POST /refresh');
  }

  /** Evaluates a function in the page, whose names are those of the page. */
  run<T, A extends readonly unknown[]>(look: (...args: A) => T, ...args: A): Promise<T> {
    return this.wire.send('POST /execute/sync', {
      // An element that is there is all that is asked for.
      script: `const found = (${look}).apply(null, arguments); return found instanceof Node ? true : found`,
      args,
    }) as Promise<T>;
  }

  /**
   * Waits until a function of the page has something. @returns that
   * @throws Error with what was waited for, and what the page says instead
   */
  async until<T, A extends readonly unknown[]>(
    what: string,
    look: (...args: A) => T,
    ...args: A
  ): Promise<NonNullable<T>> {
    for (const until = performance.now() + WAIT_MS_MAX; ; await Bun.sleep(LOOK_MS)) {
      const found = await this.run(look, ...args);
      if (found) return found;
      if (performance.now() < until) continue;
      throw new Error(`waited in vain until ${what}: ${await this.#state()}`);
    }
  }

  /** Comes down and leaves after a moment. */
  async press({ x, y }: Point): Promise<void> {
    const at = { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0, origin: 'viewport' };
    await this.#perform({
      type: 'pointer',
      id: 'finger',
      parameters: { pointerType: this.pointer },
      actions: [
        at,
        { type: 'pointerDown', button: 0 },
        { type: 'pause', duration: HELD_MS },
        { type: 'pointerUp', button: 0 },
      ],
    });
  }

  /** Presses the middle of what a selector finds, once it is in sight and nothing covers it. */
  async pressOn(selector: string): Promise<void> {
    const point = await this.until(
      `${selector} can be pressed`,
      (selector) => {
        const element = document.querySelector(selector);
        element?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
        const { left, top, width, height } = element?.getBoundingClientRect() ?? {};
        const point = { x: left + width / 2, y: top + height / 2 };
        return element?.contains(document.elementFromPoint(point.x, point.y) ?? document) && point;
      },
      selector,
    );
    await this.press(point);
  }

  /**
   * Presses something until that shows in the page: on a busy machine a press may last so long that it means
   * another thing, and people press again.
   */
  async pressUntil<A extends readonly unknown[]>(
    selector: string,
    what: string,
    look: (...args: A) => unknown,
    ...args: A
  ): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      await this.pressOn(selector);
      for (const until = performance.now() + AGAIN_MS; performance.now() < until; await Bun.sleep(LOOK_MS))
        if (await this.run(look, ...args)) return;
    }
    throw new Error(`${selector} was pressed in vain until ${what}: ${await this.#state()}`);
  }

  /** Presses keys, one after the other. */
  async type(...keys: readonly string[]): Promise<void> {
    await this.#perform({
      type: 'key',
      id: 'keyboard',
      actions: keys.flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]),
    });
  }

  async #perform(source: { readonly id: string; readonly [key: string]: unknown }): Promise<void> {
    await this.wire.send('POST /actions', { actions: [source] });
  }

  /** A PNG of what is in sight. */
  async picture(): Promise<Uint8Array> {
    return Buffer.from((await this.wire.send('GET /screenshot')) as string, 'base64');
  }

  async resize(width: number, height: number): Promise<void> {
    await this.wire.send('POST /window/rect', { width, height });
  }

  end(): Promise<void> {
    return this.wire.end();
  }

  /** What a person would see and a machine would log, for the message of a test that fails. */
  async #state(): Promise<string> {
    const shown = await this.run((): unknown[] => [
      document.body.dataset.link,
      document.visibilityState,
      document.hasFocus(),
      document.body.innerText.replace(/\s+/g, ' ').slice(0, 600),
    ]).catch(String);
    const picture = join(tmpdir(), `tapgrid-waited-in-vain-${Date.now()}.png`);
    await this.picture().then(
      (bytes) => Bun.write(picture, bytes),
      () => {},
    );
    return JSON.stringify({ shown, complaints: this.complaints, picture });
  }
}

declare const document: any;
