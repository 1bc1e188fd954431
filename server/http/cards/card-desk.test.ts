import { describe, expect, test } from 'bun:test';
import { Rates } from '../../identity/rates.ts';
import { OWN_COMMAND } from '../../compose/places.ts';
import { CardDesk, CARDS_KEPT_BYTES_MAX, CARDS_WAITING_MAX } from './card-desk.ts';
import { drawnByChild } from './child.ts';
import { drawnPng } from './drawing.ts';

const SECOND_MS = 1000;
/** A desk whose cards are drawn when the test says so. */
function deskOf({ limit = 1_000, bytes = 1, waitMs = 60_000 } = {}) {
  const drawing: { svg: string; done: (png: Uint8Array) => void; fail: (cause: Error) => void }[] = [];
  const faults: string[] = [];
  const drawn: string[] = [];
  const parts: ConstructorParameters<typeof CardDesk>[0] = {
    draw: (svg) => {
      drawn.push(svg);
      return new Promise((done, fail) => void drawing.push({ svg, done, fail }));
    },
    limit: new Rates({ limit, windowMs: 60 * SECOND_MS }),
    now: () => SECOND_MS,
    onFault: (fault) => void faults.push(fault),
  };
  const desk = new CardDesk(parts, waitMs);
  const next = async (): Promise<(typeof drawing)[number]> => {
    while (drawing.length === 0) await Bun.sleep(0);
    return drawing.shift()!;
  };
  return {
    ...{ faults, drawn, next },
    ask: (name: string, address = 'ada') => desk.card(name, `<svg>${name}</svg>`, address),
    finish: async () => (await next()).done(new Uint8Array(bytes)),
  };
}

describe('cards', () => {
  test('are drawn once, one after the other, whoever asks for them meanwhile', async () => {
    const { ask, finish, drawn } = deskOf();
    const asked = [ask('a'), ask('b'), ask('a', 'ben')];
    await finish();
    expect(await asked[0]).toBe((await asked[2]) as Uint8Array);
    await finish();
    expect((await asked[1]) as Uint8Array).toHaveLength(1);
    expect(await ask('a', 'cy')).toBe((await asked[0]) as Uint8Array);
    expect(drawn).toEqual(['<svg>a</svg>', '<svg>b</svg>']);
  });

  test('wait in a line of bounded length', async () => {
    const { ask, finish, drawn } = deskOf();
    const asked = Array.from({ length: CARDS_WAITING_MAX }, (_, i) => ask(`card ${i}`, `address ${i}`));
    await Bun.sleep(0);
    expect(await ask('one more', 'ada')).toEqual({ code: 'busy', retryAfterMs: 5_000 });
    expect(drawn).toHaveLength(1);
    for (const _ of asked) await finish();
    expect((await Promise.all(asked)).every((one) => one instanceof Uint8Array)).toBe(true);
  });

  test('are drawn to their end where who asks has waited long enough, and are there the next time', async () => {
    const { ask, finish, drawn } = deskOf({ waitMs: 1 });
    expect(await ask('a')).toEqual({ code: 'busy', retryAfterMs: 5_000 });
    await finish();
    await Bun.sleep(0);
    expect(await ask('a')).toBeInstanceOf(Uint8Array);
    expect(drawn).toHaveLength(1);
  });

  test('are drawn for an address only so often; what was drawn is not counted', async () => {
    const { ask, finish, drawn } = deskOf({ limit: 1 });
    const first = ask('a');
    await finish();
    await first;
    expect(await ask('a')).toBeInstanceOf(Uint8Array);
    expect(await ask('b')).toMatchObject({ code: 'rate_limited', retryAfterMs: 60 * SECOND_MS });
    const other = ask('b', 'ben');
    await finish();
    expect(await other).toBeInstanceOf(Uint8Array);
    expect(drawn).toHaveLength(2);
  });

  test('are kept up to a size, the one that was not asked for longest goes first', async () => {
    const { ask, finish, drawn } = deskOf({ bytes: CARDS_KEPT_BYTES_MAX / 2 });
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) {
      const before = drawn.length;
      const asked = ask(name);
      await Bun.sleep(0);
      if (drawn.length > before) await finish();
      await asked;
    }
    expect(drawn.map((svg) => svg.at(5))).toEqual(['a', 'b', 'c', 'b']);
  });

  test('that cannot be drawn are said to the operator, and hold up no other', async () => {
    const { ask, next, finish, faults } = deskOf();
    const [bad, good] = [ask('bad'), ask('good')];
    (await next()).fail(new Error('no memory'));
    expect(await bad).toEqual({ code: 'busy', retryAfterMs: 5_000 });
    await finish();
    expect(await good).toBeInstanceOf(Uint8Array);
    expect(faults).toEqual(['no memory']);
  });
});

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><text y="20">8.40×</text></svg>';

test('a child draws a card, the same one as anybody else, with the letters of its font', async () => {
  const never = new AbortController().signal;
  const png = await drawnByChild(OWN_COMMAND, SVG, never);
  expect(pngSize(png)).toEqual([60, 30]);
  expect(Buffer.compare(png, await drawnPng(SVG))).toBe(0);
  expect(Buffer.compare(png, await drawnPng(SVG.replace('8.40', '9.40')))).not.toBe(0);
}, 60_000);

test(
  'what a child cannot draw is an error in its words',
  () =>
    expect(drawnByChild(OWN_COMMAND, 'no picture', new AbortController().signal)).rejects.toThrow(
      /Not drawn/,
    ),
  60_000,
);

test(
  'a child ends with what started it',
  () => expect(drawnByChild(OWN_COMMAND, SVG, AbortSignal.abort())).rejects.toThrow(),
  60_000,
);

/** Width and height, as the head of the file says them. */
function pngSize(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  expect([...png.slice(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  return [view.getUint32(16), view.getUint32(20)];
}
