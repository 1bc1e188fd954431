import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool, VERSITYGW } from '../runner/tools.ts';
import type { Ask } from '../stage/api-trader.ts';
import type { Debian } from '../../deploy/debian/debian.ts';

/** Addresses of the outside. */
const EXCHANGES = '192.0.2.7';
const BUCKET = '192.0.2.9';
const S3_PORT = 7070;
const ROOT_KEY = 'the-company-itself';
const BUCKET_NAME = 'tapgrid-backups';
const here = (name: string): string => join(import.meta.dir, name);

/** A network in which machines meet the bucket, the exchanges and traders. */
export class Outside {
  readonly endpoint = `http://${BUCKET}:${S3_PORT}`;
  readonly bucket = BUCKET_NAME;
  readonly #folder = mkdtempSync(join(tmpdir(), 'tapgrid-outside-'));
  readonly #socket = join(this.#folder, 'socket');
  readonly #hosts = join(this.#folder, 'hosts');
  readonly #ca = join(this.#folder, 'ca.pem');
  #program!: Bun.Subprocess<'ignore', 'pipe', 'inherit'>;
  #s3!: Bun.Subprocess;

  static async begin(): Promise<Outside> {
    const outside = new Outside();
    await outside.#start();
    return outside;
  }

  async #start(): Promise<void> {
    writeFileSync(this.#hosts, '127.0.0.1 localhost\n');
    this.#program = Bun.spawn(
      [
        'unshare',
        '--mount',
        '--net',
        'bash',
        here('outside.sh'),
        this.#hosts,
        process.execPath,
        here('outside-program.ts'),
        this.#socket,
        EXCHANGES,
      ],
      {
        stdin: 'ignore',
        stdout: 'pipe',
        stderr: 'inherit',
        env: { ...process.env, BUN_CONFIG_DNS_TIME_TO_LIVE_SECONDS: '0' },
      },
    );
    await this.#program.stdout.getReader().read();
    const root = join(this.#folder, 's3');
    for (const name of ['s3', `s3/${BUCKET_NAME}`, 'users']) mkdirSync(join(this.#folder, name));
    this.#s3 = Bun.spawn(
      [
        ...this.#inside(),
        findTool(VERSITYGW)!,
        '--port',
        `${BUCKET}:${S3_PORT}`,
        '--quiet',
        '--iam-dir',
        join(this.#folder, 'users'),
        'posix',
        root,
      ],
      {
        stdin: 'ignore',
        stdout: 'ignore',
        stderr: 'inherit',
        env: { ...process.env, ROOT_ACCESS_KEY: ROOT_KEY, ROOT_SECRET_KEY: ROOT_KEY },
      },
    );
    for (let tries = 0; !this.#reaches(this.endpoint); tries++) {
      if (tries > 1_200) throw new Error('the bucket does not answer');
      await Bun.sleep(100);
    }
  }

  #inside(): string[] {
    return ['nsenter', '--target', String(this.#program.pid), '--mount', '--net'];
  }
  /** Runs a script of bash in this network. @throws Error where it fails. */
  run(script: string): string {
    const { exitCode, stdout, stderr } = Bun.spawnSync([...this.#inside(), 'bash', '-euc', script]);
    if (exitCode !== 0) throw new Error(`${script}: ${stdout}${stderr}`);
    return stdout.toString();
  }
  #reaches(url: string): boolean {
    return (
      Bun.spawnSync([...this.#inside(), 'curl', '--silent', '--output', '/dev/null', url]).exitCode === 0
    );
  }

  /** A line to a machine, which is lost when that boots anew. @param number of the machine, 1 or 2. */
  connect(machine: Debian, number: number): void {
    const [inner, outer] = [`10.1.${number}.1`, `10.1.${number}.9`];
    this.run(
      `ip link add line${number} type veth peer name outside netns ${machine.first()}
       ip address add ${outer}/24 dev line${number}
       ip link set line${number} up`,
    );
    const { exitCode, error } = machine.run(
      `ip address add ${inner}/24 dev outside && ip link set outside up && ip route add default via ${outer}`,
    );
    if (exitCode !== 0) throw new Error(error);
  }

  /** What names lead where, as whoever asks for them is told from now on. */
  lead(names: readonly string[], number: number, certificate: string): void {
    writeFileSync(this.#hosts, `127.0.0.1 localhost\n10.1.${number}.1 ${names.join(' ')}\n`);
    writeFileSync(this.#ca, certificate);
  }

  /** Asks as somebody out there does. */
  readonly ask: Ask = (url, request = {}) =>
    fetch('http://outside/', {
      ...request,
      unix: this.#socket,
      headers: { ...(request.headers as Record<string, string>), 'x-to': url, 'x-ca': this.#ca },
    });

  /** For FEED_URLS. */
  feedUrls = async (): Promise<string> => (await fetch('http://outside/urls', { unix: this.#socket })).text();

  /** A key for the bucket, made at the company. */
  makeKey(id: string, secret: string): void {
    this.#admin(`create-user --access ${id} --secret ${secret} --role admin`);
  }
  dropKey(id: string): void {
    this.#admin(`delete-user --access ${id}`);
  }
  #admin(words: string): void {
    this.run(
      `${findTool(VERSITYGW)} admin --access ${ROOT_KEY} --secret ${ROOT_KEY} --endpoint-url ${this.endpoint} ${words}`,
    );
  }

  async stop(): Promise<void> {
    for (const child of [this.#s3, this.#program]) {
      child?.kill('SIGKILL');
      await child?.exited;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
