import { afterAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { audit, auditText, graveOf, type Audit } from './audit.ts';

const ROOT = join(import.meta.dir, '../..');
let asked = 0;
let answer: () => Response | Promise<Response> = () => Response.json({});
const registry = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: () => {
    asked += 1;
    return answer();
  },
});
afterAll(() => registry.stop(true));

const ask = (msMax?: number): Promise<Audit> =>
  audit(ROOT, { ...process.env, NPM_CONFIG_REGISTRY: registry.url.href }, msMax);

const listed = (severity: string): Response =>
  Response.json({
    elysia: [
      {
        id: 1,
        url: 'https://advisories.example/1',
        title: 'Lets anybody in',
        severity,
        vulnerable_versions: '<99.0.0',
        cwe: [],
        cvss: { score: 9, vectorString: null },
      },
    ],
  });

describe('the registry is asked for the packages of bun.lock', () => {
  test.each([
    [
      'nothing is known',
      () => Response.json({}),
      0,
      0,
      /no high or critical vulnerability is known, 0 lesser/,
    ],
    ['something moderate', () => listed('moderate'), 1, 0, /no high or critical .* 1 lesser/],
    [
      'something high',
      () => listed('high'),
      1,
      1,
      /^elysia: high: Lets anybody in https.*\naudit: 1 VULNERABLE$/,
    ],
    ['something critical', () => listed('critical'), 1, 1, /audit: 1 VULNERABLE$/],
  ])('%s', async (_, answers, known, grave, text) => {
    [asked, answer] = [0, answers];
    const found = await ask();
    if ('unasked' in found) throw new Error(found.unasked);
    expect([asked, found.known.length, graveOf(found.known).length]).toEqual([1, known, grave]);
    expect(auditText(found)).toMatch(text);
  });
});

describe('where it cannot be asked that is said, and is no failure', () => {
  test.each([
    ['there is no such list', () => new Response('no', { status: 405 }), undefined, /LEFT OUT.*405/],
    ['no answer in time', () => new Promise<Response>(() => {}), 500, /LEFT OUT.*no answer within 0.5 s/],
    ['an answer of another kind', () => new Response('<html>'), undefined, /LEFT OUT/],
  ])('%s', async (_, answers, msMax, text) => {
    answer = answers;
    const found = await ask(msMax);
    expect(found).toHaveProperty('unasked');
    expect(auditText(found)).toMatch(text);
  });
});
