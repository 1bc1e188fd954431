import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { damageOnePage } from './damage.ts';
import { headingOf } from './headings.ts';
import { PlainHouse } from './plain-house.ts';
import { until } from './until.ts';

/**
 * Bad days of a house at work. Of each: which alert goes off, by the rules as they are installed but for
 * their waits, what the doctor names first, that both lead to the same chapter, and whether play goes on as
 * it is promised.
 */

const isPossible = process.getuid?.() === 0 && Bun.which('prometheus') !== null;
const DAY_MS_MAX = 360_000;
/** Further than exchanges and this machine may be apart. */
const CLOCK_OFF_MS = 30_000;
/** Bets whose orders fill more than a page. */
const ORDERS_OF_PAGES = 60;

let house: PlainHouse;
beforeAll(async () => {
  if (isPossible) house = await PlainHouse.begin();
}, 120_000);
afterAll(() => house?.stop(), 60_000);

/** The alert is on, and leads to the chapter that the doctor names first, who finds something wrong. */
async function expectFound(chapter: string, finding: string): Promise<void> {
  await until(`the alert ${chapter}`, async () => (await house.alerts()).has(chapter));
  expect(headingOf((await house.alerts()).get(chapter)!)).toBe(chapter);
  const { code, wrong } = await house.doctor();
  expect({ code, ...wrong[0] }).toMatchObject({ code: 1, name: finding, chapter });
}
const untilHalted = (): Promise<void> =>
  until('a halt', async () => (await house.player.refusal()) === 'halted');
async function expectPlay(): Promise<void> {
  await house.untilPlay();
  await house.player.play(3);
}

const day = (name: string, happens: () => Promise<void>): void =>
  test.skipIf(!isPossible)(name, happens, DAY_MS_MAX);

day('on a good day nothing is wrong and no alert is on', async () => {
  await expectPlay();
  await until('quiet', async () => (await house.alerts()).size === 1);
  // Whoever tests may have a clock that nobody sets, and room for few open files.
  const { wrong } = await house.doctor();
  expect(wrong.filter(({ name }) => !['clock', 'files'].includes(name))).toEqual([]);
});

day('all exchanges and the bucket are away at once: no taps, and the cause is told first', async () => {
  house.bucket.hold(true);
  house.exchanges.mute(true);
  await untilHalted();
  await expectFound('TapgridPriceStale', 'server');
  house.exchanges.mute(false);
  await expectPlay();
});

day(
  'the bucket is still away: play goes on, the tail ships to the folder, and goes on when it is back',
  async () => {
    await expectFound('TapgridTailBehind', 'tail');
    await expectPlay();
    expect((await house.command('backup', 'run')).code).not.toBe(0);
    house.bucket.hold(false);
    await until('what waited to be sent', async () => !(await house.alerts()).has('TapgridTailBehind'));
    expect((await house.command('backup', 'run')).code).toBe(0);
  },
);

day(
  'the clock is wrong: no taps, it is told as the clock and not as the network, and then all goes on',
  async () => {
    house.exchanges.aheadMs = CLOCK_OFF_MS;
    await expectFound('TapgridClockOff', 'clock');
    await untilHalted();
    house.exchanges.aheadMs = 0;
    await expectPlay();
  },
);

day(
  '86 % of the disk: no new bets, prices and payouts go on, and so does play when there is room',
  async () => {
    await house.player.play(3);
    house.fill(86);
    await untilHalted();
    const before = await house.ticks();
    await expectFound('TapgridDiskFull', 'disk');
    expect((await house.player.settled()).open).toEqual([]);
    expect(await house.ticks()).toBeGreaterThan(before);
    house.fill(null);
    await expectPlay();
  },
);

day(
  '96 % of the disk, and somebody tries a new release: it is told what is missing, prices go on',
  async () => {
    house.fill(96);
    await expectFound('TapgridDiskEmergency', 'disk');
    expect(await house.player.refusal()).toBe('halted');
    const before = await house.ticks();
    const { code, said } = await house.command('rehearse');
    expect([code !== 0, said]).toEqual([true, expect.stringMatching(/room|space|free/i)]);
    await until('the next price', async () => (await house.ticks()) > before);
    house.fill(null);
    await expectPlay();
  },
);

day('the certificate has ended: the house plays on behind it, and a new one ends the day', async () => {
  await house.showCertificate(30);
  // It is looked at when the server starts, and every five minutes.
  await house.restart();
  await expectFound('TapgridCertificateEnded', 'proxy');
  await expectPlay();
  await house.showCertificate(null);
  await house.restart();
  await until('quiet', async () => !(await house.alerts()).has('TapgridCertificateEnded'));
});

day(
  'one page of the books is damaged: the check finds it, and the books come back from the bucket',
  async () => {
    // More than one page of orders: the newest one is written again and again.
    await house.player.play(ORDERS_OF_PAGES);
    await house.player.settled();
    await until('all that is shipped', async () => (await house.command('backup', 'run')).code === 0);
    const kept = await house.player.look();
    await damageOnePage(join(house.data, 'tapgrid.db'));
    await expectPlay();
    expect((await house.check()).code).toBe(1);
    await expectFound('TapgridLedgerViolation', 'database');
    const restored = join(house.disk, 'restored');
    expect((await house.command('restore', '--from', 's3', '--to', restored)).code).toBe(0);
    await house.replaceBooks(join(restored, 'tapgrid.db'));
    const seen = await house.player.settled();
    for (const bet of kept.closed) expect(seen.closed).toContainEqual(bet);
  },
);

day('after all of these days the books hold, and a backup ends well', async () => {
  expect((await house.check()).code).toBe(0);
  expect((await house.command('backup', 'run')).code).toBe(0);
  await until('quiet', async () => !(await house.alerts()).has('TapgridLedgerViolation'));
});
