import { describe, expect, test } from 'bun:test';
import { micros } from '../game/money.ts';
import type { Commit, LedgerPort, Operation, PlaceBets } from '../ports/ledger.ts';
import { inSlices } from './batch-size.ts';
import { Batcher } from './batcher.ts';

/** A ledger whose commits end when the test says so. */
class HeldLedger implements LedgerPort {
  readonly batches: (readonly Operation[])[] = [];
  readonly #ends: ((failed: boolean) => void)[] = [];

  commitBatch(operations: readonly Operation[]): Promise<Commit> {
    this.batches.push(operations);
    const batch = this.batches.length;
    return new Promise((resolve, reject) =>
      this.#ends.push((failed) =>
        failed
          ? reject(new Error('disk'))
          : resolve({ batch, hash: '', results: operations.map(() => ({ kind: 'done' })) }),
      ),
    );
  }

  async end(failed = false): Promise<void> {
    this.#ends.shift()!(failed);
    await Bun.sleep(0);
  }

  async close(): Promise<void> {}
}

const order = (taps: number, nonce = 'n'): PlaceBets => ({
  kind: 'place-bets',
  accountId: 'a',
  sessionId: 's',
  currency: 'PLAY',
  simulated: true,
  rule: 2,
  nonce,
  text: '',
  signature: '',
  taps: new Array(taps).fill('halted'),
  dailyCap: micros(0),
  at: 0,
});
const ticks: Operation = { kind: 'record-ticks', ticks: [] };

function open(limits = { tapsMax: 4, queueTapsMax: 10 }) {
  const ledger = new HeldLedger();
  const failures: Error[] = [];
  const steady = { ms: 7_000 };
  return {
    ledger,
    failures,
    steady,
    batcher: new Batcher(
      ledger,
      limits,
      () => 0,
      (cause) => failures.push(cause),
      () => steady.ms,
    ),
  };
}

describe('Batcher', () => {
  test('what arrives during a commit is the next batch, the house first, taps up to the limit', async () => {
    const { ledger, batcher, steady } = open();
    const first = batcher.order(order(1, 'first'));
    await Bun.sleep(0);
    const waiting = [
      batcher.order(order(2, 'b')),
      batcher.order(order(2, 'c')),
      batcher.order(order(1, 'd')),
      batcher.priority(ticks),
    ];
    expect(ledger.batches.length).toBe(1);
    await ledger.end();
    await first;
    expect(
      ledger.batches[1]!.map((operation) => ('nonce' in operation ? operation.nonce : operation.kind)),
    ).toEqual(['record-ticks', 'b', 'c']);
    steady.ms += 4;
    await ledger.end();
    expect(
      ledger.batches[2]!.map((operation) => ('nonce' in operation ? operation.nonce : operation.kind)),
    ).toEqual(['d']);
    await ledger.end();
    await Promise.all(waiting);
    await batcher.drained();
    expect(batcher.queuedTaps).toBe(0);
  });

  test('when many wait the next batch lies ready with the ledger, and never more than one', async () => {
    const { ledger, batcher, steady } = open({ tapsMax: 64, queueTapsMax: 1_000 });
    const nonces = () =>
      ledger.batches.map((batch) =>
        batch.map((operation) => ('nonce' in operation ? operation.nonce : operation.kind)),
      );
    const answers = [batcher.order(order(1, 'first'))];
    await Bun.sleep(0);
    answers.push(batcher.order(order(40, 'b')));
    await Bun.sleep(0);
    expect(nonces()).toEqual([['first']]);
    answers.push(batcher.order(order(24, 'c')));
    await Bun.sleep(0);
    expect(nonces()).toEqual([['first'], ['b', 'c']]);
    answers.push(batcher.order(order(64, 'd')), batcher.order(order(1, 'e')), batcher.priority(ticks));
    await Bun.sleep(0);
    expect(ledger.batches.length).toBe(2);
    expect(batcher.queuedTaps).toBe(65);
    await ledger.end();
    expect(nonces().slice(2)).toEqual([['record-ticks', 'd']]);
    steady.ms += 4;
    for (let i = 0; i < 3; i++) await ledger.end();
    await Promise.all(answers);
    await batcher.drained();
    expect(nonces().slice(3)).toEqual([['e']]);
    expect([batcher.batches, batcher.committed, batcher.queuedTaps]).toEqual([4, 131, 0]);
  });

  describe('where taps come fast', () => {
    /** A batch of some taps was committed a moment ago. */
    async function fast(taps = 3) {
      const parts = open({ tapsMax: 512, queueTapsMax: 1_000 });
      const { ledger, batcher, steady } = parts;
      void batcher.order(order(taps));
      await Bun.sleep(0);
      steady.ms += 1;
      await ledger.end();
      expect(ledger.batches.length).toBe(1);
      return parts;
    }

    test('a commit waits for more taps until some time after the last one began', async () => {
      const { ledger, batcher } = await fast();
      void batcher.order(order(1, 'b'));
      await Bun.sleep(0);
      void batcher.order(order(1, 'c'));
      await Bun.sleep(0);
      expect(ledger.batches.length).toBe(1);
      while (ledger.batches.length < 2) await Bun.sleep(1);
      expect(ledger.batches[1]!.length).toBe(2);
    });

    test('nothing waits once that time is over, nor behind a batch with fewer taps', async () => {
      const late = await fast();
      late.steady.ms += 3;
      const few = await fast(2);
      for (const { ledger, batcher } of [late, few]) {
        void batcher.order(order(1));
        await Bun.sleep(0);
        expect(ledger.batches.length).toBe(2);
      }
    });

    test('what the house itself writes takes along the taps that wait, and never waits', async () => {
      const { ledger, batcher } = await fast();
      void batcher.order(order(1));
      void batcher.priority(ticks);
      await Bun.sleep(0);
      expect(ledger.batches[1]!.map(({ kind }) => kind)).toEqual(['record-ticks', 'place-bets']);
    });

    test('enough taps do not wait for more, and a house that closes waits for none', async () => {
      const enough = await fast();
      void enough.batcher.order(order(64));
      await Bun.sleep(0);
      expect(enough.ledger.batches.length).toBe(2);
      const closing = await fast();
      void closing.batcher.order(order(1));
      void closing.batcher.close();
      await Bun.sleep(0);
      expect(closing.ledger.batches.length).toBe(2);
    });
  });

  test('of two batches the second lasts from the end of the first', async () => {
    const { ledger, batcher, steady } = open({ tapsMax: 64, queueTapsMax: 1_000 });
    const answers = [batcher.order(order(1)), batcher.order(order(64))];
    await Bun.sleep(0);
    answers.push(batcher.order(order(64)));
    await Bun.sleep(0);
    steady.ms += 30;
    await ledger.end();
    expect([batcher.commitMs, batcher.underWayMs]).toEqual([30, 0]);
    steady.ms += 5;
    expect([batcher.commitMs, batcher.underWayMs]).toEqual([30, 5]);
    for (let i = 0; i < 2; i++) await ledger.end();
    await Promise.all(answers);
    expect([batcher.commitMs, batcher.underWayMs]).toEqual([0, 0]);
  });

  test('no more is let in than the last commits let expect within the wait that is worth it; a short queue always is', async () => {
    const { ledger, batcher, steady } = open({ tapsMax: 1_000, queueTapsMax: 10_000 });
    const commit = async (taps: number, ms: number) => {
      const done = batcher.order(order(taps));
      await Bun.sleep(0);
      steady.ms += ms;
      await ledger.end();
      await done;
    };
    expect(batcher.hasRoomFor(10_000)).toBe(true);
    await commit(200, 100);
    expect([batcher.hasRoomFor(800), batcher.hasRoomFor(801)]).toEqual([true, false]);
    await commit(63, 6_300);
    expect(batcher.hasRoomFor(800)).toBe(true);
    await commit(200, 10_000);
    expect([batcher.hasRoomFor(512), batcher.hasRoomFor(513)]).toEqual([true, false]);
    for (let n = 0; n < 40; n++) await commit(100, 5);
    expect([batcher.hasRoomFor(7_000), batcher.hasRoomFor(8_100)]).toEqual([true, false]);
  });

  test('a commit lasts from when it was asked for to its end, and the last one is remembered', async () => {
    const { ledger, batcher, steady } = open();
    void batcher.order(order(1));
    expect([batcher.commitMs, batcher.underWayMs]).toEqual([0, 0]);
    await Bun.sleep(0);
    steady.ms += 300;
    expect([batcher.commitMs, batcher.underWayMs]).toEqual([300, 300]);
    await ledger.end();
    steady.ms += 5_000;
    expect([batcher.commitMs, batcher.underWayMs]).toEqual([300, 0]);
    void batcher.order(order(1));
    await Bun.sleep(0);
    steady.ms += 10;
    expect([batcher.commitMs, batcher.underWayMs]).toEqual([300, 10]);
    await ledger.end();
    expect(batcher.commitMs).toBe(10);
  });

  test('an order larger than a batch goes alone', async () => {
    const { ledger, batcher } = open();
    void batcher.order(order(1));
    await Bun.sleep(0);
    void batcher.order(order(9));
    await ledger.end();
    expect(ledger.batches[1]!.length).toBe(1);
    await ledger.end();
  });

  test('past the bound an order is refused, and the house never is', async () => {
    const { ledger, batcher, steady } = open();
    void batcher.order(order(1));
    await Bun.sleep(0);
    void batcher.order(order(10));
    expect(batcher.order(order(1))).toBeNull();
    expect(batcher.queuedTaps).toBe(10);
    void batcher.priority(ticks);
    await ledger.end();
    steady.ms += 4;
    await ledger.end();
    expect(batcher.order(order(1))).not.toBeNull();
    await Bun.sleep(0);
    await ledger.end();
  });

  test('a failed commit makes everything unknown, tells once, and nothing more is sent', async () => {
    const { ledger, failures, batcher } = open();
    const during = batcher.order(order(1))!.catch((cause) => cause);
    await Bun.sleep(0);
    const queued = batcher.priority(ticks).catch((cause) => cause);
    await ledger.end(true);
    expect(await during).toMatchObject({ code: 'commit_unknown' });
    expect(await queued).toMatchObject({ code: 'commit_unknown' });
    expect(await batcher.priority(ticks).catch((cause) => cause)).toMatchObject({ code: 'commit_unknown' });
    expect(failures.length).toBe(1);
    expect(ledger.batches.length).toBe(1);
    expect(batcher.failed).toBe(true);
  });

  test('with a failed commit the batch behind it is unknown too, and it is told once', async () => {
    const { ledger, failures, batcher } = open({ tapsMax: 64, queueTapsMax: 1_000 });
    const heard = (taps: number) =>
      batcher.order(order(taps))!.then(
        () => 'placed',
        (cause) => cause.name,
      );
    const answers = [heard(1)];
    await Bun.sleep(0);
    answers.push(heard(64));
    await Bun.sleep(0);
    answers.push(heard(1));
    expect(ledger.batches.length).toBe(2);
    await ledger.end(true);
    expect(await Promise.all(answers)).toEqual(['commit_unknown', 'commit_unknown', 'commit_unknown']);
    await ledger.end(true);
    expect([failures.length, ledger.batches.length, batcher.queuedTaps]).toEqual([1, 2, 0]);
    await batcher.drained();
  });

  test('once it closes nothing more is taken, and what was taken is committed first', async () => {
    const { ledger, failures, batcher } = open();
    const taken = [batcher.order(order(1)), batcher.order(order(4, 'queued')), batcher.priority(ticks)];
    let closed = false;
    const closing = batcher.close().then(() => (closed = true));
    expect(batcher.order(order(1, 'late'))).toBeNull();
    expect(batcher.account({ kind: 'see-session', sessionId: 's', at: 0 })).toBeNull();
    expect(await batcher.priority(ticks).catch((cause) => cause)).toMatchObject({ code: 'closing' });
    for (let batch = 1; batch <= 2; batch++) {
      await Bun.sleep(5);
      expect([closed, ledger.batches.length]).toEqual([false, batch]);
      await ledger.end();
    }
    await Promise.all([...taken, closing]);
    expect([ledger.batches.flat().length, batcher.queuedTaps, failures.length]).toEqual([3, 0, 0]);
  });

  test('long lists are cut into slices that fit a commit', () => {
    const slices = [...inSlices(new Array(600).fill(0))].map((slice) => slice.length);
    expect(slices).toEqual([256, 256, 88]);
    expect([...inSlices([])]).toEqual([]);
  });
});
