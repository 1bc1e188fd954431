import { expect, test } from 'bun:test';
import { Generator } from './generator-process.ts';
import { ServerProcess } from './server-process.ts';
import { LEAD_MS } from './sizes.ts';

const SIDES = [
  ['the server', () => ServerProcess.tapgrid()],
  ['the bare reference', () => ServerProcess.script('loadtest/database/bare-server.ts')],
] as const;

test.each(SIDES)(
  '%s takes every order of the generator, over both lanes, at full speed and paced',
  async (_, start) => {
    const server = await start();
    const generator = Generator.start(server.origin);
    try {
      await generator.open(10, 4, 5);
      for (const lane of ['http', 'socket'] as const)
        for (const [perSecond, taps] of [
          [null, 1],
          [200, 3],
        ] as const) {
          const fire = async () => {
            await generator.load(lane, 20, LEAD_MS, taps);
            return generator.fire(lane, perSecond, 8);
          };
          let volley = await fire();
          // A machine that stands still while a commit is under way halts the house for a moment.
          for (let tries = 0; 'halted' in volley.refused && tries < 5; tries++) volley = await fire();
          const { sent, accepted, refused, p50, p99, max } = volley;
          expect({ lane, sent, refused }).toEqual({ lane, sent: 20, refused: {} });
          expect(accepted).toBe(20 * taps);
          expect(p50 > 0 && p50 <= p99 && p99 <= max).toBe(true);
        }
      await generator.close();
    } finally {
      generator.kill();
      server.kill();
    }
  },
  180_000,
);
