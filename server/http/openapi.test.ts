import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { REJECTIONS } from '../game/rejection.ts';
import { endpoints } from './api/endpoints.ts';
import { html } from './html.ts';
import { openHouse, ORIGIN, type TestHouse } from '../../test/stage/http-house.ts';
import { openapiDocument, refusalCodes } from './openapi.ts';
import { ErrorShape } from './shape.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const document = JSON.parse(JSON.stringify(openapiDocument(endpoints, 16)));
const calls = endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);

/** The calls that clients depend on. */
const FIXED = [
  'POST /api/v1/practice',
  'POST /api/v1/login/challenge',
  'POST /api/v1/login',
  'DELETE /api/v1/session',
  'GET /api/v1/account',
  'GET /api/v1/account/statement',
  'GET /api/v1/account/statement.csv',
  'GET /api/v1/grid',
  'POST /api/v1/taps',
  'GET /api/v1/bets',
  'GET /api/v1/bets/:id/receipt',
  'GET /api/v1/ticks',
  'GET /api/v1/fairness',
  'GET /api/v1/chain',
];

describe('the document', () => {
  test('is served as it was made, and has every call that clients depend on', async () => {
    expect((await house.call('/api/openapi.json')).body).toEqual(document);
    expect(document.openapi).toBe('3.1.0');
    const listed = Object.entries<any>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    for (const call of FIXED) expect(listed).toContain(call);
    expect(listed).toHaveLength(endpoints.length + 1);
  });

  test('names each operation once, and points nowhere that is not there', () => {
    const ids = Object.values<any>(document.paths).flatMap((methods) =>
      Object.values<any>(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(endpoints.length + 1);
    const references = JSON.stringify(document).match(/"\$ref":"[^"]*"/g)!;
    expect(new Set(references)).toEqual(new Set(['"$ref":"#/components/schemas/Error"']));
  });

  test('tells closed lists as enum, and fits its own limits', () => {
    const { Error: error } = document.components.schemas;
    expect(error.properties.error.properties.code).toMatchObject({
      type: 'string',
      enum: REJECTIONS.map(([code]) => code),
    });
    const bet =
      document.paths['/api/v1/bets'].get.responses[200].content['application/json'].schema.properties.bets
        .items.properties;
    expect(bet.status).toMatchObject({ type: 'string', enum: ['placed', 'locked', 'won', 'lost', 'void'] });
    expect(bet.reason.anyOf[0]).toMatchObject({
      type: 'string',
      enum: ['gap', 'moved', 'no_revision', 'operator'],
    });
    expect(document.paths['/api/v1/bets'].get.parameters[0].schema).toMatchObject({
      enum: ['open', 'closed'],
      default: 'open',
    });
    for (const schema of [
      document.paths['/api/v1/taps'].post.requestBody.content['application/json'].schema,
      document.paths['/api/v1/stream'].get['x-messages'].sent.taps.schema,
    ])
      expect(schema.properties.taps).toMatchObject({ minItems: 1, maxItems: 16 });
    expect(JSON.stringify(document)).not.toContain('x-tapgrid');
    expect(JSON.stringify(document)).not.toMatch(/\{"const":"\w+","type":"string"\},\{"const"/);
  });

  test.each(calls)('%s: every example fits its schema', (_, { body, answers }) => {
    if (body) expect([...Value.Errors(body.schema, body.example)]).toEqual([]);
    for (const { schema, example } of Object.values(answers))
      expect([...Value.Errors(schema, example)]).toEqual([]);
  });

  test.each(calls)('%s: has an example for each refusal', (_, endpoint) => {
    const { responses } =
      document.paths[endpoint.path.replace(/:(\w+)/g, '{$1}')][endpoint.method.toLowerCase()];
    const shown = Object.entries<any>(responses)
      .filter(([status]) => Number(status) >= 400)
      .flatMap(([status, { content }]) =>
        Object.entries<any>(content['application/json'].examples).map(([code, { value }]) => {
          expect(Value.Check(ErrorShape, value)).toBe(true);
          expect(REJECTIONS.find(([known]) => known === code)![1]).toBe(Number(status) as never);
          return code;
        }),
      );
    expect(shown.sort()).toEqual([...refusalCodes(endpoint)].sort());
  });
});

describe('the page', () => {
  test('has every call and every code, without a script or anything of a third party', async () => {
    const response = await house.app.handle(new Request(`${ORIGIN}/api/docs`));
    const page = await response.text();
    for (const { path, title } of endpoints)
      for (const text of [path.replace(/:(\w+)/g, '{$1}'), title]) expect(page).toContain(text);
    for (const [code, , message] of REJECTIONS)
      for (const text of [code, message.replace(/'/g, '&#x27;')]) expect(page).toContain(text);
    expect(page).not.toMatch(/<script|<style|style=|\son\w+=|src=|javascript:/i);
    expect(page.match(/href="(?!#)[^"]*"/g)).toEqual(['href="/api/docs.css"', 'href="/api/openapi.json"']);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect((await house.call('/api/docs.css')).headers.get('content-type')).toBe('text/css; charset=utf-8');
  });

  test('escapes what stands in it', () => {
    const wild = `<img src=x onerror=alert(1)>"'&`;
    expect(String(html`<p title="${wild}">${wild}${[html`<b>${wild}</b>`]}</p>`)).not.toMatch(
      /<img|"'&|onerror=alert\(1\)>"/,
    );
  });
});
