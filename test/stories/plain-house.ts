import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tapgrid, type Said } from '../stage/command.ts';
import { bucketSettings } from '../stage/house-commands.ts';
import { startS3Gateway, type S3Gateway } from '../stage/s3-gateway.ts';
import { PatientExchanges } from './patient-exchanges.ts';
import type { Found } from './found.ts';
import { Player } from './player.ts';
import { until } from './until.ts';
import { freePort } from '../stage/free-port.ts';

const ROOT = join(import.meta.dir, '../..');
const DISK = '384m';
/** Columns and health that take a test not so long; the rules are the same. */
const QUICK = {
  WINDOW_MS: '1000',
  COLUMNS_AHEAD: '5',
  BREAKER_HYSTERESIS_MS: '2000',
  SOCKETS_MAX: '500',
  LOG_LEVEL: 'silent',
};

/**
 * A house as a process, on a small disk of its own, with exchanges, a bucket, a proxy that shows a
 * certificate, its tail, and a Prometheus that looks each second by the rules as they are, but for their
 * waits. It needs root.
 */
export class PlainHouse {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tapgrid-bad-days-'));
  readonly disk = join(this.#folder, 'disk');
  readonly data = join(this.disk, 'data');
  readonly exchanges = new PatientExchanges('127.0.0.1');
  readonly #port = freePort();
  readonly #operations = freePort();
  readonly #watcher = freePort();
  readonly #https = freePort();
  bucket!: S3Gateway;
  player!: Player;
  #settings: Record<string, string> = {};
  #server!: Bun.Subprocess;
  #tail!: Bun.Subprocess;
  #prometheus!: Bun.Subprocess;
  #proxy: Bun.Server<undefined> | null = null;

  static async begin(): Promise<PlainHouse> {
    const house = new PlainHouse();
    mkdirSync(house.disk);
    done(['mount', '-t', 'tmpfs', '-o', `size=${DISK},mode=0700`, 'tmpfs', house.disk]);
    for (const folder of [house.data, join(house.data, 'jobs'), house.#backups])
      mkdirSync(folder, { mode: 0o700 });
    house.bucket = await startS3Gateway(join(house.#folder, 's3'));
    house.#settings = {
      ...QUICK,
      DATA_DIR: house.data,
      PORT: `${house.#port}`,
      PUBLIC_ORIGIN: `https://localhost:${house.#https}`,
      OPERATIONS_LISTEN: `127.0.0.1:${house.#operations}`,
      FEED: 'live',
      FEED_URLS: house.exchanges.urls(),
      BACKUP_DIR: house.#backups,
      ...bucketSettings(house.bucket),
    };
    await house.showCertificate(null);
    house.#server = house.#spawn('start');
    await house.untilPlay();
    house.#tail = house.#spawn('backup', 'tail', '--metrics', house.#report('tail'));
    await house.#watch();
    house.player = await Player.begin(`https://localhost:${house.#https}`, (url, request) =>
      fetch(url.replace(/^https:\/\/localhost:\d+/, `http://localhost:${house.#port}`), request),
    );
    return house;
  }

  readonly #backups = join(this.#folder, 'backups');
  readonly #report = (job: string): string => join(this.data, 'jobs', `${job}.prom`);
  readonly #environment = () => ({ ...process.env, ...this.#settings });
  readonly #spawn = (...words: string[]): Bun.Subprocess =>
    Bun.spawn([process.execPath, join(ROOT, 'scripts/tapgrid.ts'), ...words], {
      cwd: ROOT,
      env: this.#environment(),
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
    });

  async #watch(): Promise<void> {
    const rules = join(this.#folder, 'rules.yml');
    const text = await Bun.file(join(ROOT, 'deploy/monitoring/rules.yml')).text();
    await Bun.write(rules, text.replace(/^( +for:) \d+[ms]$/gm, '$1 1s'));
    const config = (await Bun.file(join(ROOT, 'deploy/monitoring/prometheus.yml')).text())
      .replace('/etc/prometheus/tapgrid-rules.yml', rules)
      .replace('127.0.0.1:9464', `127.0.0.1:${this.#operations}`)
      .replace(/_interval: 10s/g, '_interval: 1s')
      .replace(/ {2}- job_name: (?:prometheus|alertmanager)\n.*\n/g, '')
      .replace(/\nalerting:[\s\S]*$/, '\n');
    await Bun.write(join(this.#folder, 'prometheus.yml'), config);
    this.#prometheus = Bun.spawn(
      [
        'prometheus',
        `--config.file=${join(this.#folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(this.#folder, 'series')}`,
        `--web.listen-address=127.0.0.1:${this.#watcher}`,
        '--log.level=error',
      ],
      { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' },
    );
    await until('a look of Prometheus', async () => (await this.alerts()).has('TapgridWatchdog'));
  }

  /** Alerts that are on, with the anchors of their chapters; none while Prometheus starts. */
  async alerts(): Promise<Map<string, string>> {
    const answer = await fetch(`http://127.0.0.1:${this.#watcher}/api/v1/alerts`).catch(() => null);
    if (answer?.ok !== true) return new Map();
    const { data } = (await answer.json()) as {
      data: {
        alerts: {
          state: string;
          labels: { alertname: string };
          annotations: { runbook_url: string };
        }[];
      };
    };
    return new Map(
      data.alerts
        .filter(({ state }) => state === 'firing')
        .map(({ labels, annotations }) => [labels.alertname, annotations.runbook_url.split('#')[1] ?? '']),
    );
  }

  /** What the doctor finds wrong, in its order, and how it ends. */
  async doctor(): Promise<{ code: number; wrong: readonly Found[] }> {
    const { code, out } = await this.command('doctor', '--json');
    return { code, wrong: (JSON.parse(out) as Found[]).filter(({ state }) => state === 'wrong') };
  }
  command = (...words: string[]): Promise<Said> => tapgrid(words, { env: this.#settings });
  check = (): Promise<Said> => this.command('verify-ledger', '--metrics', this.#report('integrity'));

  async ticks(): Promise<number> {
    const { chain } = (await (await this.#look('/healthz')).json()) as { chain: { ticks: { seq: number } } };
    return chain.ticks.seq;
  }
  readonly #look = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${this.#operations}${path}`);
  untilPlay = (): Promise<void> =>
    until('taps to be taken', async () => {
      const answer = await this.#look('/healthz').catch(() => null);
      if (answer === null || ((await answer.json()) as { state: string }).state === 'open') return false;
      // Its edge has been heard.
      return !/^tapgrid_edge_memory_bytes 0$/m.test(await (await this.#look('/metrics')).text());
    });

  /** Fills the disk of the books up to a share of it; null takes away what filled it. */
  fill(percent: number | null): void {
    const file = join(this.disk, 'what-fills-it');
    rmSync(file, { force: true });
    if (percent !== null)
      done([
        'bash',
        '-euc',
        'set -- $(df --output=size,used --block-size=1 "$0" | tail -n 1) "$1" "$2"\nfallocate --length $(($1 * $3 / 100 - $2 + $1 / 200)) "$4"',
        this.disk,
        `${percent}`,
        file,
      ]);
  }

  /** The proxy shows another certificate from now on. @param days it holds from 2025 on; null for long. */
  async showCertificate(days: number | null): Promise<void> {
    await this.#proxy?.stop(true);
    const at = (name: string): string => join(this.#folder, name);
    done([join(import.meta.dir, 'certificate.sh'), this.#folder, days === null ? '4000' : `${days}`]);
    this.#proxy = Bun.serve({
      port: this.#https,
      hostname: '127.0.0.1',
      tls: { key: Bun.file(at('key')), cert: Bun.file(at('certificate')) },
      fetch: () => new Response(''),
    });
  }

  async restart(): Promise<void> {
    this.#server.kill('SIGTERM');
    await this.#server.exited;
    this.#server = this.#spawn('start');
    await this.untilPlay();
  }

  /** Another state of the books in their place, with everything that is at work stopped meanwhile. */
  async replaceBooks(file: string): Promise<void> {
    for (const child of [this.#tail, this.#server]) {
      child.kill('SIGTERM');
      await child.exited;
    }
    for (const name of ['tapgrid.db', 'tapgrid.db-wal', 'tapgrid.db-shm', 'noted-head.json'])
      rmSync(join(this.data, name), { force: true });
    cpSync(file, join(this.data, 'tapgrid.db'));
    this.#server = this.#spawn('start');
    await this.untilPlay();
    this.#tail = this.#spawn('backup', 'tail', '--metrics', this.#report('tail'));
  }

  async stop(): Promise<void> {
    for (const child of [this.#tail, this.#server, this.#prometheus]) {
      child?.kill('SIGTERM');
      await child?.exited;
    }
    await this.#proxy?.stop(true);
    await this.exchanges.stop();
    await this.bucket?.stop();
    if (existsSync(this.disk)) Bun.spawnSync(['umount', this.disk]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function done(words: string[]): void {
  const { exitCode, stdout, stderr } = Bun.spawnSync(words);
  if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${stdout}${stderr}`);
}
