import { describe, expect, test } from 'bun:test';
import { STAGES } from '../../server/game/learned/corrections.ts';
import { PRIOR_BOARDS } from '../../server/game/learned/learned-boards.ts';
import type { ShadowBlock } from '../../server/game/learned/shadow-watch.ts';
import type { Operation } from '../../server/ports/ledger.ts';
import { NOON, type Desk } from './scenario.ts';

const shadowBlock = (number: number): ShadowBlock => ({
  block: 5_900_000 + number,
  since: NOON,
  simulated: number % 2 === 1,
  boards: { windows: [5_000], rows: 16, rule: { version: 2, maxGapMs: 3_000 } },
  classes: [{ key: number, cells: 40, touched: 4, expected: 3_456_789 }],
  evidence: [],
  offers: [{ key: 12, cells: 31, quoted: 2 ** 40 + 1, paid: 930 }],
  learned: STAGES.map(({ classes }) => Array.from({ length: classes }, () => ({ touched: 0, expected: 0 }))),
});

export function shadowContract(desk: Desk): void {
  describe('the shadow book', () => {
    test('reads back as it was, in order, and a block is written once', async () => {
      let books = await desk.start();
      expect([books.lastShadow(), books.shadowAfter(0, 10)]).toEqual([null, []]);
      const all = [shadowBlock(1), shadowBlock(2), shadowBlock(7)];
      await desk.commit(
        ...all.map((block): Operation => ({ kind: 'record-shadow', block, learned: PRIOR_BOARDS })),
      );
      books = await desk.reopen();
      expect([books.lastShadow(), books.shadowAfter(0, 10)]).toEqual([all[2]!, all]);
      expect(books.shadowAfter(all[0]!.block, 1)).toEqual([all[1]!]);
      const refused = await desk
        .commit({ kind: 'record-shadow', block: shadowBlock(7), learned: PRIOR_BOARDS })
        .catch((error: Error) => error);
      expect(refused).toHaveProperty(
        'message',
        expect.stringContaining(`shadow block ${all[2]!.block} does not follow`),
      );
    });
  });
}
