import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkContract } from '../../test/link-contract/link.contract.ts';
import { dialWithin } from '../../test/link-contract/pair.ts';
import { dialAt, listenForEdges } from './unix-socket.ts';

linkContract('within one process', (take) => ({ dial: dialWithin(take), stop() {} }));

linkContract('over a unix socket', (take) => {
  const folder = mkdtempSync(join(tmpdir(), 'tapgrid-link-'));
  const path = join(folder, 'link.sock');
  const listener = listenForEdges(path, take);
  return {
    dial: dialAt(path),
    stop: () => {
      listener.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
