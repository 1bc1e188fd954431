import { afterAll, beforeAll, expect, test } from 'bun:test';
import { bet } from '../stage/board-tap.ts';
import { PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { childrenOf } from '../stage/processes.ts';
import { connected, practise } from '../stage/visit.ts';

const theatre = new Theatre();
const stage = new Stage([], false, { FEED: 'walk:5:1', EDGES: '1' });
beforeAll(() => stage.start(), 90_000);
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

test('while the engine restarts the page says so over the socket that it has, sells nothing, and goes on with what was bet', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  let loads = 0;
  let sockets = 0;
  page.on('load', () => void loads++);
  page.on('websocket', () => void sockets++);
  await page.locator('#grid:not(.closed)').waitFor();
  await connected(page);
  const cell = await bet(page, 4, 0);
  const id = await cell.getAttribute('id');
  const [engine] = childrenOf(stage.pid, 'ROLE=engine');
  const [edge] = childrenOf(stage.pid, 'ROLE=edge');
  // A new engine may be there before a page has drawn that there was none: nobody starts it until it is seen.
  process.kill(stage.pid, 'SIGSTOP');
  try {
    process.kill(engine!, 'SIGKILL');
    await page
      .locator('#closed:not([hidden])', { hasText: /The house restarts; open bets are safe/ })
      .waitFor({ timeout: 30_000 });
  } finally {
    process.kill(stage.pid, 'SIGCONT');
  }
  await page.locator('#grid:not(.closed)').waitFor();
  await connected(page);
  // It may have been decided meanwhile, but is not gone.
  await page.locator(`#${id} .bet, #results li`).first().waitFor({ state: 'attached' });
  await bet(page, 4, 0);
  expect([loads, sockets, childrenOf(stage.pid, 'ROLE=edge')]).toEqual([0, 0, [edge!]]);
  await context.close();
}, 120_000);
