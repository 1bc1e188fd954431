import { afterAll, beforeAll, describe, test } from 'bun:test';
import { systems } from '../../deploy/debian/debian.ts';
import { firstMachine } from './first-machine.ts';
import { secondMachine } from './second-machine.ts';
import { makePair, type Pair } from './pair.ts';

/** The runbook as it is lived through: on machines that boot, with a bucket, exchanges and a trader. */

/** A step waits for programs of others; on a busy machine they take their time. */
const STEP_MS_MAX = 360_000;

test.skipIf(systems.length > 0)(
  'two machines of their own (root, namespaces, cgroup v2 and the files of a system that is supported)',
  () => {},
);

describe.each(systems.map(({ name, under }) => [name, under]))('%s, booted twice', (_, under) => {
  let pair: Pair;
  beforeAll(async () => void (pair = await makePair(under)), 600_000);
  afterAll(() => pair?.stop(), 180_000);

  describe('the life of a house', () => {
    test.each([...firstMachine(() => pair), ...secondMachine(() => pair)])(
      '%s',
      (_, happens) => happens(),
      STEP_MS_MAX,
    );
  });
});
