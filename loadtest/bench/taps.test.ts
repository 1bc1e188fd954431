import { expect, test } from 'bun:test';
import { Generator } from './generator-process.ts';
import { ServerProcess } from './server-process.ts';
import { LEAD_MS } from './sizes.ts';

const SIDES = [
  ['the server', () => ServerProcess.tapgrid()],
  ['the bare reference', () => ServerProcess.script('loadtest/database/bare-server.ts')],
] as const;

test.each(SIDES)('%s takes every order of the generator, over both lanes, at full speed and paced', async (_, start) => {
  const server = await start();
  const generator = Generator.start(server.origin);
  try {
    await generator.open(10, 4, 5);
    for (const lane of ['http', 'socket'] as const)
      for (const [perSecond, taps] of [[null, 1], [200, 3]] as const) {
        await generator.load(lane, 20, LEAD_MS, taps);
        const { sent, accepted, refused, p50, p99, max } = await generator.fire(lane, perSecond, 8);
        expect({ lane, sent, refused }).toEqual({ lane, sent: 20, refused: {} });
        expect(accepted).toBe(20 * taps);
        expect(p50 > 0 && p50 <= p99 && p99 <= max).toBe(true);
      }
    await generator.close();
  } finally {
    generator.kill();
    server.kill();
  }
}, 180_000);
