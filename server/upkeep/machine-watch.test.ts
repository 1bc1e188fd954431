import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateOfOrigin } from './certificate.ts';
import { fileSince } from './disk.ts';
import { openFiles, openFilesMax, virtualBytes } from './process-figures.ts';
import { MachineWatch } from './machine-watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-around-'));
const servers: { stop(force: boolean): void }[] = [];
afterAll(() => {
  for (const server of servers) server.stop(true);
  rmSync(folder, { recursive: true });
});

/** A proxy with a certificate of its own making. */
function proxy(days: number): { port: number; endsAt: number } {
  const [key, cert] = [join(folder, `${days}.key`), join(folder, `${days}.crt`)];
  const made = Bun.spawnSync([
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', key, '-out', cert, '-days', `${days}`, '-subj', '/CN=taps.example'],
  ]);
  expect(made.exitCode).toBe(0);
  const end = Bun.spawnSync(['openssl', 'x509', '-in', cert, '-noout', '-enddate']).stdout.toString();
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    tls: { key: Bun.file(key), cert: Bun.file(cert) },
    fetch: () => new Response('well'),
  });
  servers.push(server);
  return { port: server.port!, endsAt: Date.parse(end.trim().slice('notAfter='.length)) };
}

test('the certificate of the proxy on this machine is found under the name that people open', async () => {
  const { port, endsAt } = proxy(20);
  expect(await certificateOfOrigin(`https://taps.example:${port}`)).toEqual({ endsAt, ofOurOwn: true });
  expect(certificateOfOrigin('http://localhost:3000')).toBeNull();
});

test('where no proxy answers, a sentence says so', async () => {
  const closed = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  closed.stop(true);
  expect(await certificateOfOrigin(`https://taps.example:${closed.port}`)).toBeString();
});

test('a look waits for nothing, and knows what was found meanwhile', async () => {
  const { port, endsAt } = proxy(3);
  const watch = new MachineWatch({
    publicOrigin: `https://taps.example:${port}`,
    dataDir: folder,
    backupDir: null,
  });
  expect(watch.look()).toMatchObject({ certificate: null, backupDiskUsedShare: null });
  for (let tries = 0; watch.look().certificate === null && tries < 500; tries++) await Bun.sleep(10);
  expect(watch.look().certificate).toEqual({ endsAt, ofOurOwn: true });
  expect(watch.look().openFiles).toBeGreaterThan(3);
  watch.stop();
});

test('backups on a disk of their own are looked at, those beside the books and those that are gone are not', () => {
  const share = (backupDir: string | null) => {
    const watch = new MachineWatch({ publicOrigin: 'http://localhost:1', dataDir: folder, backupDir });
    watch.stop();
    return watch.look().backupDiskUsedShare;
  };
  expect([share(folder), share(null), share(join(folder, 'gone'))]).toEqual([null, null, null]);
  expect(share('/dev/shm')).toBeNumber();
});

test('what the system says of this process', async () => {
  expect(await openFiles()).toBeGreaterThan(3);
  const soft = Bun.spawnSync(['sh', '-c', 'ulimit -n']).stdout.toString().trim();
  expect(`${openFilesMax()}`).toBe(soft === 'unlimited' ? 'Infinity' : soft);
  expect(openFilesMax(2 ** 22)).toBeNull();
  expect(virtualBytes()).toBeGreaterThan(process.memoryUsage.rss());
  const before = Date.now();
  writeFileSync(join(folder, 'new'), '');
  expect(Math.abs(fileSince(join(folder, 'new')) - before)).toBeLessThan(2_000);
});
