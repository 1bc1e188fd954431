import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { compose, type Tapgrid } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { signedText } from '../game/tap.ts';
import { CLOSE, FRAME_BYTES_MAX, MESSAGES_BURST } from './limits.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-live-'));
const GUESTS_MAX = 6;
let tapgrid: Tapgrid;
beforeAll(async () => {
  const loaded = loadConfig({
    PORT: '0',
    DATA_DIR: folder,
    FEED: 'walk:live',
    QUOTE_TTL_MS: '10000',
    SOCKETS_PER_ADDRESS_MAX: String(2 * GUESTS_MAX),
    BREAKER_HYSTERESIS_MS: '0',
  });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  tapgrid = await compose(loaded.ok, pino({ level: 'silent' }) as never, (cause) => {
    throw cause;
  });
  while ((await fetch(`${tapgrid.origin}/api/v1/grid`)).status !== 200) await Bun.sleep(50);
});
afterAll(async () => {
  await tapgrid.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  readonly socket: WebSocket;
  readonly frames: string[];
  until(is: (frame: string) => boolean): Promise<string>;
  readonly closed: Promise<number>;
}

function open(path: string, headers: Record<string, string>): Line {
  const socket = new WebSocket(tapgrid.origin.replace('http', 'ws') + path, { headers } as never);
  const frames: string[] = [];
  const waiting = new Set<() => void>();
  socket.onmessage = ({ data }) => {
    frames.push(String(data));
    for (const look of waiting) look();
  };
  const closed = new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code)));
  const until = (is: (frame: string) => boolean): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = frames.find(is);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { socket, frames, until, closed };
}

const ours = (): Record<string, string> => ({ origin: tapgrid.origin });
/** What an upgrade is refused with. */
const refused = async (path: string, headers: Record<string, string>): Promise<number> =>
  (
    await fetch(tapgrid.origin + path, {
      headers: {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        ...headers,
      },
    })
  ).status;
const numbersOf = (frames: readonly string[]): number[] =>
  frames.map((frame) =>
    frame[0] === '[' ? Number(JSON.parse(frame)[1]) : (JSON.parse(frame).seq as number),
  );

async function practice(): Promise<{
  token: string;
  sessionId: string;
  sign: (text: string) => Promise<string>;
}> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ]);
  const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
  const answer = (await (
    await fetch(`${tapgrid.origin}/api/v1/practice`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ publicKey }),
    })
  ).json()) as { token: string; session: { id: string } };
  const sign = async (text: string) =>
    Buffer.from(
      await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        pair.privateKey,
        new TextEncoder().encode(text),
      ),
    ).toString('base64url');
  return { token: answer.token, sessionId: answer.session.id, sign };
}

/**
 * An order for a cell that is on sale now, far ahead and near the price: its multiplier moves little while
 * the tap is held.
 */
function order(): {
  nonce: string;
  deadline: number;
  taps: { cell: string; stake: number; multiplier: number; revision: number }[];
} {
  const board = tapgrid.engine.board()!;
  const column = board.columns[10]!;
  const row = column.multipliers.indexOf(
    Math.min(...column.multipliers.filter((value) => value !== null)) as (typeof column.multipliers)[number],
  );
  const low = column.low + row * column.band;
  const cell = `${column.start}.${board.windowMs}.${low}.${low + column.band}`;
  return {
    nonce: crypto.randomUUID(),
    deadline: Date.now() + 10_000,
    taps: [
      { cell, stake: 5_000_000, multiplier: column.multipliers[row]!, revision: board.revision.revision },
    ],
  };
}

describe('a watcher', () => {
  test.each([
    ['/live', '["g"', '"type":"snapshot"'],
    ['/api/v1/stream', '"full":false', '"full":true'],
  ])('of %s gets the whole board, then numbered frames without a hole', async (path, diff, whole) => {
    const line = open(path, ours());
    await line.until((frame) => frame.includes(diff));
    while (line.frames.length < 12) await Bun.sleep(20);
    line.socket.close();
    const first = line.frames.find((frame) => frame.includes(whole))!;
    const numbered = line.frames.filter((frame) => /^\["[tg]"|"type":"tick"|"full":false/.test(frame));
    const numbers = numbersOf(numbered);
    expect(numbers).toEqual(numbers.map((_, i) => (JSON.parse(first).seq as number) + 1 + i));
    for (const frame of line.frames) expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(FRAME_BYTES_MAX);
  });

  test('may ask for a snapshot again', async () => {
    const line = open('/live', ours());
    await line.until((frame) => frame.includes('"settled"'));
    const before = line.frames.length;
    line.socket.send('{"type":"snapshot"}');
    while (!line.frames.slice(before).some((frame) => frame.includes('"type":"snapshot"')))
      await Bun.sleep(20);
    line.socket.close();
  });
});

describe('a socket on one of several boards', () => {
  test.each([
    ['/live', '"type":"snapshot"', '["g"'],
    ['/api/v1/stream', '"type":"hello"', '"full":false'],
  ])(
    'of %s begins with the one of its address, and changes to another without a hole',
    async (path, whole, diff) => {
      const line = open(`${path}?board=quick`, ours());
      await line.until((frame) => frame.includes(diff));
      const windowOf = (frame: string): number => JSON.parse(frame).grid?.[0] ?? JSON.parse(frame).windowMs;
      const wholes = () => line.frames.filter((frame) => frame.includes(whole));
      expect(wholes().map(windowOf)).toEqual([2000]);
      line.socket.send('{"type":"board","board":"long"}');
      await line.until((frame) => frame.includes(whole) && windowOf(frame) === 15_000);
      const from = line.frames.findIndex((frame) => frame.includes(whole) && windowOf(frame) === 15_000);
      const since = () =>
        line.frames.slice(from).filter((frame) => /^\["[tg]"|"type":"tick"|"full":false/.test(frame));
      while (since().filter((frame) => frame.includes(diff)).length < 3) await Bun.sleep(20);
      line.socket.close();
      const first = JSON.parse(line.frames[from]!).seq as number;
      expect(numbersOf(since())).toEqual(since().map((_, i) => first + 1 + i));
      for (const frame of since().filter((frame) => frame.includes(diff))) {
        const starts =
          path === '/live'
            ? [JSON.parse(frame)[5]]
            : JSON.parse(frame).columns.map(({ start }: any) => start);
        for (const start of starts) expect(start % 15_000).toBe(0);
      }
    },
  );

  test('a program that names none of them is refused, a page is shown the usual one', async () => {
    expect(await refused('/api/v1/stream?board=fast', {})).toBe(400);
    const line = open('/live?board=fast', ours());
    const snapshot = await line.until((frame) => frame.includes('"type":"snapshot"'));
    expect(JSON.parse(snapshot).grid[0]).toBe(5000);
    line.socket.close();
  });
});

describe('a trader', () => {
  test('taps on the page socket: the answer, then the bet where it belongs, on all of his sockets', async () => {
    const { token, sessionId, sign } = await practice();
    const page = open('/live', { ...ours(), cookie: `sid=${token}` });
    const stream = open('/api/v1/stream', { authorization: `Bearer ${token}` });
    const stranger = open('/live', ours());
    await Promise.all([page, stranger].map((line) => line.until((frame) => frame.includes('"settled"'))));
    await stream.until((frame) => frame.includes('"hello"'));
    let wanted = order();
    const frameOf = async () =>
      JSON.stringify({
        type: 'taps',
        ...wanted,
        signature: await sign(signedText(tapgrid.origin, sessionId, wanted as never)),
      });
    const answerTo = async (frame: string) => {
      page.socket.send(frame);
      return JSON.parse(await page.until((text) => text.includes('"answer"') && text.includes(wanted.nonce)));
    };
    let frame = await frameOf();
    let answer = await answerTo(frame);
    // Nothing is for sale for a moment after a jump of the price.
    for (let tries = 0; answer.results?.[0].status !== 'accepted' && tries < 240; tries++) {
      await Bun.sleep(250);
      wanted = order();
      answer = await answerTo((frame = await frameOf()));
    }
    expect(answer).toMatchObject({ nonce: wanted.nonce, replayed: false, results: [{ status: 'accepted' }] });
    const target = `hx-target="#c${wanted.taps[0]!.cell.replaceAll('.', '-')}"`;
    expect(await page.until((text) => text.includes(target))).toContain('class="bet placed"');
    expect(JSON.parse(await stream.until((text) => text.includes('"type":"bet"')))).toMatchObject({
      bet: { cell: wanted.taps[0]!.cell, status: 'placed' },
      balance: 9_995_000_000,
    });
    await page.until((text) => text.includes('class="bet locked"'));
    page.socket.send(frame);
    await page.until((text) => text.includes('"replayed":true'));
    expect(stranger.frames.some((text) => text.includes('class="bet') || text.includes(wanted.nonce))).toBe(
      false,
    );
    page.socket.close();
    stream.socket.close();
    stranger.socket.close();
  });

  test('who signs out is sent away from all sockets of that session', async () => {
    const { token } = await practice();
    const line = open('/api/v1/stream', { authorization: `Bearer ${token}` });
    await line.until((frame) => frame.includes('"hello"'));
    await fetch(`${tapgrid.origin}/api/v1/session`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await line.closed).toBe(CLOSE.signedOut);
  });

  test('three bad signatures close the socket', async () => {
    const { token } = await practice();
    const line = open('/api/v1/stream', { authorization: `Bearer ${token}` });
    await line.until((frame) => frame.includes('"full":true'));
    for (let i = 0; i < 3; i++)
      line.socket.send(JSON.stringify({ type: 'taps', ...order(), signature: 'A'.repeat(86) }));
    expect(await line.closed).toBe(CLOSE.badSignature);
    const refused = line.frames.filter((frame) => frame.includes('bad_signature'));
    expect(refused).toHaveLength(3);
    expect(JSON.parse(refused[0]!).message).toContain(`"tapgrid-tap-v1\\n${tapgrid.origin}\\n`);
  });

  test('a page is told of a bad signature in one sentence', async () => {
    const { token } = await practice();
    const line = open('/live', { ...ours(), cookie: `sid=${token}` });
    await line.until((frame) => frame.includes('"settled"'));
    line.socket.send(JSON.stringify({ type: 'taps', ...order(), signature: 'A'.repeat(86) }));
    expect(JSON.parse(await line.until((frame) => frame.includes('"answer"')))).toMatchObject({
      code: 'bad_signature',
      message: 'The signature does not match the session key.',
    });
    line.socket.close();
  });

  test('an order that cannot be read is told by nonce and field, in the words of HTTP', async () => {
    const { token } = await practice();
    const line = open('/api/v1/stream', { authorization: `Bearer ${token}` });
    await line.until((frame) => frame.includes('"hello"'));
    const unread = { ...order(), signature: 'A'.repeat(86), tip: 1 };
    line.socket.send(JSON.stringify({ type: 'taps', ...unread }));
    const error = JSON.parse(await line.until((frame) => frame.includes('"error"')));
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const overHttp: any = await (
      await fetch(`${tapgrid.origin}/api/v1/taps`, { method: 'POST', headers, body: JSON.stringify(unread) })
    ).json();
    expect(error).toEqual({
      type: 'error',
      nonce: unread.nonce,
      error: { code: 'bad_request', field: 'tip', message: 'Field tip: unknown field.' },
    });
    expect(error.error).toEqual(overHttp.error);
    line.socket.close();
  });
});

describe('a page of another site', () => {
  const foreign = ['https://evil.example', 'null', 'http://127.0.0.1:1', ''];
  const cookieOf = (token: string): string => `sid=${token}`;

  test.each(
    foreign.flatMap(
      (origin) =>
        [
          ['/live', origin],
          ['/api/v1/stream', origin],
        ] as const,
    ),
  )('gets on %s with the origin %p the public board and nothing of its visitor', async (path, origin) => {
    const { token, sessionId, sign } = await practice();
    const line = open(path, { origin, cookie: cookieOf(token) });
    const own = open(path, { ...ours(), cookie: cookieOf(token) });
    const whole = path === '/live' ? '"settled"' : '"full":true';
    await Promise.all([
      line.until((frame) => frame.includes(whole)),
      own.until((frame) => frame.includes(whole)),
    ]);
    await line.until((frame) => /^\["t"|"type":"tick"/.test(frame));
    // A tap that is rightly signed, and is taken from our own page.
    const signed = async () => {
      const wanted = order();
      return {
        wanted,
        frame: JSON.stringify({
          type: 'taps',
          ...wanted,
          signature: await sign(signedText(tapgrid.origin, sessionId, wanted as never)),
        }),
      };
    };
    line.socket.send((await signed()).frame);
    expect(JSON.parse(await line.until((frame) => frame.includes('"answer"')))).toMatchObject({
      code: 'unauthenticated',
    });
    for (let taken = false; !taken; ) {
      const { wanted, frame } = await signed();
      own.socket.send(frame);
      taken = (await own.until((text) => text.includes('"answer"') && text.includes(wanted.nonce))).includes(
        '"accepted"',
      );
      if (!taken) await Bun.sleep(250);
    }
    await own.until((frame) => frame.includes('bet') && frame.includes('locked'));
    const ticks = line.frames.length;
    await line.until(() => line.frames.length > ticks + 3);
    expect(own.frames.join()).toMatch(path === '/live' ? /balance/ : /"accountId":"/);
    expect(
      line.frames.filter((frame) =>
        /balance|hx-target="#(net|open|result|c\d)|"type":"bet"|"accountId":"/.test(frame),
      ),
    ).toEqual([]);
    for (const { socket } of [line, own]) socket.close();
  });

  test('may not take all the places of its visitor', async () => {
    const lines: Line[] = [];
    const seats = tapgrid.origin;
    for (let i = 0; i < GUESTS_MAX; i++) lines.push(open('/live', { origin: 'https://evil.example' }));
    await Promise.all(lines.map((line) => line.until((frame) => frame.includes('"settled"'))));
    expect(await refused('/live', { origin: 'https://evil.example' })).toBe(429);
    // What a page asks when its line was not opened.
    expect([
      (await fetch(`${tapgrid.origin}/live`, { headers: { origin: 'https://evil.example' } })).status,
      (await fetch(`${tapgrid.origin}/live`)).status,
    ]).toEqual([429, 400]);
    const own = open('/live', { origin: seats });
    await own.until((frame) => frame.includes('"settled"'));
    for (const { socket } of [...lines, own]) socket.close();
  });
});

test('a program without an origin may watch what pages get, and its cookies are left alone', async () => {
  const { token } = await practice();
  const line = open('/live', { cookie: `sid=${token}` });
  expect(JSON.parse(await line.until((frame) => frame.includes('"settled"'))).session).toBeNull();
  line.socket.close();
});

describe('who is not let in or not kept', () => {
  test.each([
    ['a bearer token that is no good', '/api/v1/stream', { authorization: `Bearer ${'A'.repeat(43)}` }, 401],
    ['a bearer token that is none', '/api/v1/stream', { authorization: 'Bearer nonsense' }, 401],
    ['an empty bearer token', '/api/v1/stream', { authorization: 'Bearer' }, 401],
  ])('%s', async (_, path, headers, expected) =>
    expect(await refused(path, headers as Record<string, string>)).toBe(expected),
  );

  test('a request that is no WebSocket is told what was expected', async () => {
    const answer = await fetch(`${tapgrid.origin}/api/v1/stream`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: { code: 'bad_request', message: expect.stringContaining('Expected a WebSocket') } },
    ]);
  });

  test('taps without a session are answered, not taken', async () => {
    const line = open('/live', ours());
    await line.until((frame) => frame.includes('"settled"'));
    line.socket.send(JSON.stringify({ type: 'taps', ...order(), signature: 'A'.repeat(86) }));
    expect(JSON.parse(await line.until((frame) => frame.includes('"answer"')))).toMatchObject({
      code: 'unauthenticated',
    });
    line.socket.close();
  });

  test('what is no message of the protocol, three times', async () => {
    const line = open('/live', ours());
    await line.until((frame) => frame.includes('"settled"'));
    for (const text of ['hello', '{"type":', '[1,2]']) line.socket.send(text);
    expect(await line.closed).toBe(CLOSE.badFrame);
  });

  test('but not who says something that can be read in between, nor who orders too many taps', async () => {
    const line = open('/api/v1/stream', {});
    await line.until((frame) => frame.includes('"hello"'));
    const refusedOrder = async (): Promise<void> => {
      const many = {
        type: 'taps',
        ...order(),
        taps: Array.from({ length: 20 }, () => order().taps[0]),
        signature: 'A'.repeat(86),
      };
      line.socket.send(JSON.stringify(many));
      expect(JSON.parse(await line.until((frame) => frame.includes(many.nonce)))).toMatchObject({
        type: 'error',
        nonce: many.nonce,
        error: { field: 'taps', message: expect.stringContaining('at most 16') },
      });
    };
    for (let i = 0; i < 4; i++) await refusedOrder();
    for (let i = 0; i < 4; i++)
      for (const text of ['hello', '{"type":', '{"type":"snapshot"}']) line.socket.send(text);
    await refusedOrder();
    expect(line.socket.readyState).toBe(WebSocket.OPEN);
    line.socket.close();
  });

  test('a flood', async () => {
    const line = open('/live', ours());
    await line.until((frame) => frame.includes('"settled"'));
    // As many as no pause of this machine makes up for.
    for (let i = 0; i < 20 * MESSAGES_BURST; i++) line.socket.send('{"type":"snapshot"}');
    expect(await line.closed).toBe(CLOSE.flood);
  });

  test('a frame above the limit', async () => {
    const line = open('/live', ours());
    await line.until((frame) => frame.includes('"settled"'));
    line.socket.send(`{"type":"snapshot","x":"${'x'.repeat(FRAME_BYTES_MAX)}"}`);
    expect([1006, 1009]).toContain(await line.closed);
  });
});

test('draining sends everybody away with 1012', async () => {
  const other = mkdtempSync(join(tmpdir(), 'tapgrid-drain-'));
  const loaded = loadConfig({ PORT: '0', DATA_DIR: other, FEED: 'walk:drain' });
  if ('errors' in loaded) throw new Error('bad settings');
  const server = await compose(loaded.ok, pino({ level: 'silent' }) as never, () => {});
  const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/live`, {
    headers: { origin: server.origin },
  } as never);
  await new Promise((resolve) => (socket.onmessage = resolve));
  const closed = new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code)));
  await server.stop();
  expect(await closed).toBe(1012);
  rmSync(other, { recursive: true, force: true });
});
