import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openStage, type Stage } from '../../../test/programs/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ REQUESTS_PER_SECOND_MAX: '2' });
});
afterAll(() => stage.close());

const LOOKING = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', cookie: 'theme=dark' };

/** Asks from one address until it is refused, and is. */
async function refused(
  path: string,
  headers: Record<string, string>,
): Promise<{ response: Response; text: string }> {
  for (let tries = 0; tries < 50; tries++) {
    const response = await fetch(stage.tapgrid.origin + path, { headers });
    const text = await response.text();
    if (response.status === 429) return { response, text };
  }
  throw new Error('nothing was refused');
}

// It is counted like everything else, so it comes before the flood.
test('a form of another site is refused with a page', async () => {
  const response = await fetch(`${stage.tapgrid.origin}/account/limits`, {
    method: 'POST',
    headers: {
      ...LOOKING,
      origin: 'https://evil.example',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'guardPercent=50',
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
  expect(await response.text()).toContain('That request came from another site');
});

describe('more than an address may ask', () => {
  test.each(['/', '/rules', '/history', '/nothing', '/api/docs'])(
    'of %s is a page with the time to come back, and asks for nobody',
    async (path) => {
      const { response, text } = await refused(path, LOOKING);
      expect([response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
        'text/html; charset=utf-8',
        'no-store',
      ]);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(text).toMatch(/^<!doctype html>.*data-theme="dark".*Too many requests.*Try again in/s);
      expect(text).not.toMatch(/<script|"error"/);
    },
  );

  test('of a form that is answered in its place is one sentence', async () => {
    const { text } = await refused('/rules', { ...LOOKING, 'hx-request': 'true' });
    expect(text).toMatch(/^<span>Too many requests [^<]*<\/span>$/);
  });

  test.each([
    ['/board', { accept: '*/*' }],
    ['/', { accept: 'application/json' }],
    ['/api/v1/grid', LOOKING],
  ])('of %s by a script or program is JSON', async (path, headers) => {
    const { response, text } = await refused(path, headers);
    expect([response.headers.get('retry-after') !== null, JSON.parse(text).error.code]).toEqual([
      true,
      'rate_limited',
    ]);
  });
});
