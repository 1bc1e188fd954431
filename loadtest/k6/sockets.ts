import { sleep } from 'k6';
import { mine } from './client.ts';
import { listen, socketsDropped, socketsRefused } from './stream.ts';
import { duration, setting } from './target.ts';
import { NO_FAULTS } from './pass-marks.ts';

/**
 * USERS sockets that stay and listen, opened over a minute. k6 holds a few thousand; for more there is
 * swarm.ts.
 */
export const options = {
  scenarios: {
    watch: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { target: setting('USERS', 1000, 10_000), duration: duration('RAMP', '60s') },
        { target: setting('USERS', 1000, 10_000), duration: duration('DURATION', '5m') },
      ],
      gracefulRampDown: '35s',
    },
  },
  thresholds: {
    ...NO_FAULTS,
    sockets_refused: ['count==0'],
    sockets_dropped: ['count==0'],
    frames_missed: ['count==0'],
    tick_age: ['p(99)<500'],
  },
};

export default async function (): Promise<void> {
  const client = await mine();
  if (client === null) return sleep(1);
  const { opened, closedWith } = await listen(client, 30_000);
  if (!opened) {
    socketsRefused.add(1);
    sleep(1);
  } else if (closedWith !== null) socketsDropped.add(1);
}
