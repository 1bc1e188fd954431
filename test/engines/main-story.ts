import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { PHONE, Stage } from '../stage/browser-stage.ts';
import { bet, cellAt } from './board.ts';
import { KEYS, type Browser } from './browser.ts';
import { LateSheet } from './late-sheet.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;
declare const localStorage: any;
declare const location: any;

/**
 * What a trader does on the first evening, in a browser of another make, through its own input: comes as a
 * stranger, tries it, wins and loses, presses keys, opens sheets, loads again, outlasts a restart of the
 * house, reads the other pages. The price stands still: the row that it is in wins as its window opens, those
 * above lose.
 */
export function mainStory(name: string, open: () => Promise<Browser>): void {
  const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
  let line: LateSheet;
  let browser: Browser;
  const played: string[] = [];

  beforeAll(async () => {
    line = await LateSheet.to(stage.port);
    [browser] = await Promise.all([open(), stage.start({ PUBLIC_ORIGIN: line.origin })]);
  }, 90_000);
  afterAll(async () => {
    await browser?.end();
    line.close();
    await stage.end();
  });

  describe(`the main story in ${name}`, () => {
    test('a stranger sees the whole board within the width of a phone', async () => {
      await browser.open(line.origin);
      await connected(browser);
      expect(await browser.run(() => [window.innerWidth, document.hasFocus()])).toEqual([PHONE.width, true]);
      await expectNothingCutOff(browser);
      const heights = await browser.run(() =>
        [...document.querySelectorAll('.col:not(.past) .cell')].map((cell) => cell.offsetHeight as number),
      );
      expect(heights.length).toBeGreaterThan(150);
      expect(Math.min(...heights)).toBeGreaterThan(20);
      await browser.until('the coach points at a cell', () => document.querySelector('.cell[data-coached]'));
    });

    test('the first tap opens a sheet, and "Try it" plays it', async () => {
      const cell = await cellAt(browser, 4, 0);
      await browser.press(cell);
      await browser.until('the sheet is up', isUp, 'signin');
      expect(await textOf(browser, '#signin [data-waiting]')).toContain('$10 of play money');
      await browser.pressUntil(
        '#signin [data-practice]',
        'there is an account',
        () => document.querySelector('#balance') !== null,
      );
      await browser.until(
        'that cell has its bet',
        (id) => document.getElementById(id)?.querySelector('.bet.locked'),
        cell.id,
      );
      played.push(cell.id);
      await reads(browser, '#balance b', '$9,990.00');
      await reads(browser, '#open-count', '1');
    });

    test('taps are placed at the chosen stake by finger and by key, sound begins in a press', async () => {
      await browser.run(() => {
        localStorage.setItem('tapgrid-settings', JSON.stringify({ sound: true }));
        window.soundBegan = [];
        if ('AudioContext' in window)
          window.AudioContext = class extends window.AudioContext {
            constructor() {
              super();
              window.soundBegan.push(window.event?.type ?? 'no event');
            }
          };
      });
      await browser.pressUntil(
        '.stakes button:nth-of-type(4)',
        '$25 are chosen',
        () => document.querySelector('.stakes [aria-pressed=true]').textContent === '$25',
      );
      played.push(await bet(browser, 0, 1));
      await reads(browser, '#balance b', '$9,965.00');
      await browser.run(() => document.getElementById('grid').focus());
      await browser.type('1', KEYS.right, KEYS.right, KEYS.down);
      expect(await textOf(browser, '.stakes [aria-pressed=true]')).toBe('$1');
      const [id, label] = await browser.run(() => [
        document.activeElement.id as string,
        document.activeElement.getAttribute('aria-label') as string,
      ]);
      expect(label).toMatch(/^[\d,.]+ to [\d,.]+, opens in .*, \d+(\.\d+)? times$/);
      await browser.type(KEYS.enter);
      await browser.until(
        'the cell that has the focus has its bet',
        (id) => document.getElementById(id)?.querySelector('.bet.locked'),
        id,
      );
      played.push(id);
      await browser.type(KEYS.escape);
      expect(await browser.run(() => document.activeElement === document.body)).toBe(true);
      // WebKit plays nothing that was not begun inside a press.
      expect(await browser.run(() => window.soundBegan as string[])).toEqual([
        expect.stringMatching(/^(?:pointer|touch|click|key)/),
      ]);
    });

    test('the account opens over the board, keeps what is set, and gives the focus back', async () => {
      await browser.pressUntil('.bar .icon', 'the account is up', isUp, 'account');
      expect(
        await browser.run(() => [
          document.getElementById('account').contains(document.activeElement),
          document.querySelector('[data-setting=vibration]').closest('label').hidden ===
            !('vibrate' in navigator && window.matchMedia('(pointer: coarse)').matches),
        ]),
      ).toEqual([true, true]);
      await browser.pressUntil(
        '#account [data-theme-choice] label:nth-of-type(3)',
        'the page is light',
        () => document.documentElement.dataset.theme === 'light',
      );
      await browser.type(KEYS.escape);
      await browser.until('the sheet is closed', () => document.querySelector('dialog[open]') === null);
      expect(
        await browser.run(() => [
          document.documentElement.dataset.theme as string,
          document.activeElement.matches('.bar .icon') as boolean,
        ]),
      ).toEqual(['light', true]);
    });

    test('a page that is loaded again has the bets and the session', async () => {
      const near = await bet(browser, 0, 0);
      played.push(near);
      await browser.reload();
      await connected(browser);
      await browser.until(
        'the bet is on its cell',
        (id) => document.getElementById(id)?.querySelector('.bet'),
        near,
      );
      expect(await browser.run(() => document.documentElement.dataset.theme as string)).toBe('light');
      expect(await browser.run(() => document.querySelector('#balance small').textContent as string)).toBe(
        'play',
      );
    });

    test('one is won and one is lost, and both are said', async () => {
      await browser.until('a bet has won', () => document.querySelector('#result-list .won'));
      await browser.until('a bet has lost', () => document.querySelector('#result-list .lost'));
      const money = await browser.run(() =>
        ['won', 'lost'].map(
          (kind) => document.querySelector(`#result-list .${kind} .money`).textContent as string,
        ),
      );
      expect(money[0]).toMatch(/^\+ \$\d+\.\d\d$/);
      expect(money[1]).toMatch(/^– \$\d+\.\d\d$/);
    });

    test('a house that is killed comes back under the page, which says so and goes on', async () => {
      const last = await bet(browser, 1, 1);
      played.push(last);
      await browser.run(() => (window.stayed = true));
      await stage.kill();
      await browser.until('the page says that the line is lost', () => document.body.dataset.link === 'lost');
      await stage.start({ PUBLIC_ORIGIN: line.origin });
      await connected(browser);
      // What was open is decided, or comes back where prices were away for too long.
      await browser.until(
        'every bet is closed',
        () => document.getElementById('open-count').textContent.trim() === '0',
      );
      expect(await browser.run(() => window.stayed as boolean)).toBe(true);
      // Whatever becomes of this one.
      await bet(browser, 2, 0);
    });

    test('the other pages stand within the width, and nothing was complained about', async () => {
      const receipt = await browser.run(
        () => document.querySelector('#result-list a[href^="/bets/"]').getAttribute('href') as string,
      );
      for (const path of ['/history', '/rules', '/fairness', '/account', receipt]) {
        await browser.open(line.origin + path);
        await browser.until('its heading is there', () => document.querySelector('main h1, main h2'));
        await expectNothingCutOff(browser);
      }
      await browser.open(`${line.origin}/history`);
      const rows = await browser.run(() => document.querySelectorAll('tbody tr').length as number);
      expect(rows - played.length).toBeWithin(0, 2);
      expect(browser.complaints).toEqual([]);
    });
  });
}

const connected = (browser: Browser): Promise<unknown> =>
  browser.until('the line is open', () => document.body?.dataset.link === 'open');

/** In the page: a sheet is open, and takes presses. */
const isUp = (id: string): boolean => document.querySelector(`#${id}[open]:not(.rising)`) !== null;

const textOf = (browser: Browser, selector: string): Promise<string> =>
  browser.run((selector) => document.querySelector(selector).textContent.trim() as string, selector);

const reads = (browser: Browser, selector: string, text: string): Promise<unknown> =>
  browser.until(
    `${selector} reads ${text}`,
    (selector, text) => document.querySelector(selector)?.textContent.trim() === text,
    selector,
    text,
  );

/** Nothing is wider than the page, of which a bar for scrolling may take some. */
async function expectNothingCutOff(browser: Browser): Promise<void> {
  const [path, wider] = await browser.run(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [location.pathname, scrollWidth - clientWidth];
  });
  expect([path, wider]).toEqual([path, 0]);
}
