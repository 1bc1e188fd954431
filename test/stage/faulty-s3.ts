import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Options } from '../../server/upkeep/backup/s3-store.ts';

/**
 * `cut`: the body ends in its middle. `wrong`: one byte of it is another. `taken`: 412 although nothing is
 * there. `hang`: no answer. `lost`: it is carried out, and the answer is 500. A number is a status that comes
 * instead of doing anything.
 */
export type S3Fault = 500 | 503 | 'cut' | 'wrong' | 'taken' | 'hang' | 'lost';

export interface S3Request {
  readonly method: string;
  /** Without bucket and prefix. */
  readonly key: string;
}

export interface FaultyS3 {
  readonly options: S3Options;
  /** By key, without the prefix. */
  readonly objects: Map<string, Uint8Array>;
  readonly requests: S3Request[];
  /** Decides what goes wrong with a request; null for nothing. */
  fault: (request: S3Request) => S3Fault | null;
  stop(): Promise<void>;
}

const PREFIX = 'house-1/';
const BUCKET = 'faulty';

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: Uint8Array;
}

/**
 * As much of S3 as our store speaks, with conditional writes and checksums, in memory, and with whatever
 * faults are wanted.
 */
export async function startFaultyS3(requestMsMax = 4_000): Promise<FaultyS3> {
  const objects = new Map<string, Uint8Array>();
  const requests: S3Request[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://s3');
    const asked = {
      method: url.searchParams.has('list-type') ? 'LIST' : request.method!,
      key: decodeURIComponent(url.pathname).slice(`/${BUCKET}/${PREFIX}`.length),
    };
    requests.push(asked);
    const body = Buffer.concat(await request.toArray());
    const fault = house.fault(asked);
    if (fault === 'hang') return;
    const answer =
      typeof fault === 'number'
        ? failure(fault, 'SlowDown')
        : fault === 'taken'
          ? failure(412, 'PreconditionFailed')
          : carryOut(objects, request.headers, asked, body, url);
    if (fault === 'lost') return void send(response, failure(500, 'InternalError'));
    if (fault === 'wrong' && answer.body.length > 0) answer.body[answer.body.length >> 1]! ^= 1;
    if (fault !== 'cut') return void send(response, answer);
    response.writeHead(answer.status, { 'content-length': String(answer.body.length) });
    response.write(answer.body.subarray(0, answer.body.length >> 1), () => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const house: FaultyS3 = {
    options: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      bucket: BUCKET,
      prefix: PREFIX,
      keyId: 'key',
      secret: 'not-a-secret',
      requestMsMax,
    },
    objects,
    requests,
    fault: () => null,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return house;
}

function carryOut(
  objects: Map<string, Uint8Array>,
  headers: IncomingHttpHeaders,
  { method, key }: S3Request,
  body: Uint8Array,
  url: URL,
): Answer {
  if (method === 'LIST') {
    const prefix = (url.searchParams.get('prefix') ?? '').slice(PREFIX.length);
    const keys = [...objects.keys()].filter((one) => one.startsWith(prefix)).sort();
    const contents = keys.map((one) => `<Contents><Key>${PREFIX}${one}</Key></Contents>`).join('');
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: Buffer.from(
        '<?xml version="1.0"?><ListBucketResult>' +
          `<IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`,
      ),
    };
  }
  if (method === 'DELETE') return (objects.delete(key), { status: 204, body: Buffer.alloc(0) });
  if (method === 'GET') {
    const found = objects.get(key);
    return found === undefined ? failure(404, 'NoSuchKey') : { status: 200, body: Buffer.from(found) };
  }
  if (headers['if-none-match'] === '*' && objects.has(key)) return failure(412, 'PreconditionFailed');
  if (headers['x-amz-checksum-sha256'] !== new Bun.CryptoHasher('sha256').update(body).digest('base64'))
    return failure(400, 'BadDigest');
  objects.set(key, body);
  return { status: 200, headers: { etag: '"x"' }, body: Buffer.alloc(0) };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': String(body.length) });
  response.end(body);
}

const failure = (status: number, code: string): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`),
});
