import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesOf, START_MS_MAX, type Wire } from './wire.ts';

/** What an order of W3C WebDriver is called inside Firefox. */
const COMMANDS: Readonly<Record<string, string>> = {
  'POST /session': 'WebDriver:NewSession',
  'POST /url': 'WebDriver:Navigate',
  'POST /refresh': 'WebDriver:Refresh',
  'POST /back': 'WebDriver:Back',
  'POST /window/rect': 'WebDriver:SetWindowRect',
  'POST /execute/sync': 'WebDriver:ExecuteScript',
  'POST /actions': 'WebDriver:PerformActions',
  'DELETE /actions': 'WebDriver:ReleaseActions',
  'GET /screenshot': 'WebDriver:TakeScreenshot',
};

/** Only a page as narrow as a phone is asked for: the window has no bars and no least width. */
const BARE_WINDOW = ':root { min-width: 0 !important; } #navigator-toolbox { display: none !important; }\n';
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  'marionette.port': 0,
  'toolkit.legacyUserProfileCustomizations.stylesheets': true,
  // Errors of the page are printed.
  'browser.dom.window.dump.enabled': true,
  'devtools.console.stdout.content': true,
  // Nothing is fetched from elsewhere.
  'app.update.auto': false,
  'app.normandy.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.startup.homepage': 'about:blank',
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false,
};

/**
 * Firefox takes the orders of W3C WebDriver by itself, over a socket of its own; geckodriver only passes them
 * on to it, and no package of Debian has that. A message is its length, a colon and JSON:
 * `[0, id, command, parameters]`, answered by `[1, id, error, result]`.
 */
export class MarionetteWire implements Wire {
  readonly #waiting = new Map<number, (answer: { error: Refusal | null; result: unknown }) => void>();
  #id = 0;
  #rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #socket: Bun.Socket | null = null;

  private constructor(
    private readonly firefox: Bun.Subprocess,
    private readonly profile: string,
    readonly complaints: readonly string[],
  ) {}

  /** @param program of Firefox @param isComplaint which lines of what it prints are faults of the page */
  static async to(program: string, isComplaint: (line: string) => boolean): Promise<MarionetteWire> {
    const profile = mkdtempSync(join(tmpdir(), 'tapgrid-firefox-'));
    mkdirSync(join(profile, 'chrome'));
    writeFileSync(join(profile, 'chrome/userChrome.css'), BARE_WINDOW);
    const preferences = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    );
    writeFileSync(join(profile, 'user.js'), preferences.join(''));
    const firefox = Bun.spawn(
      [program, '--headless', '--marionette', '--no-remote', '--profile', profile, 'about:blank'],
      {
        env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
        stdin: 'ignore',
        stdout: 'pipe',
        stderr: 'pipe',
      },
    );
    const wire = new MarionetteWire(firefox, profile, linesOf([firefox.stdout, firefox.stderr], isComplaint));
    try {
      await wire.#connect();
      await wire.send('POST /session', {});
      return wire;
    } catch (cause) {
      await wire.end();
      throw cause;
    }
  }

  async send(order: string, body: unknown = {}): Promise<unknown> {
    const command = COMMANDS[order];
    if (command === undefined) throw new Error(`no command of Firefox is known for ${order}`);
    const id = ++this.#id;
    const text = JSON.stringify([0, id, command, body]);
    const { promise, resolve } = Promise.withResolvers<{ error: Refusal | null; result: unknown }>();
    this.#waiting.set(id, resolve);
    this.#socket?.write(`${Buffer.byteLength(text)}:${text}`);
    const { error, result } = await promise;
    if (error !== null) throw new Error(`${order}: ${error.error}, ${error.message}`);
    return (result as { value?: unknown } | null)?.value;
  }

  async end(): Promise<void> {
    this.#socket?.end();
    this.firefox.kill();
    await this.firefox.exited;
    rmSync(this.profile, { recursive: true, force: true });
  }

  async #connect(): Promise<void> {
    const { promise: greeted, resolve: greet } = Promise.withResolvers<void>();
    this.#waiting.set(0, () => greet());
    this.#socket = await Bun.connect({
      hostname: '127.0.0.1',
      port: await this.#port(),
      socket: {
        data: (_, bytes) => this.#read(bytes),
        close: () => this.#lost(),
        error: () => this.#lost(),
      },
    });
    await greeted;
  }

  /** It listens where it likes, and says where in its profile. */
  async #port(): Promise<number> {
    for (const until = performance.now() + START_MS_MAX; ; await Bun.sleep(50)) {
      const port = (() => {
        try {
          return Number(readFileSync(join(this.profile, 'MarionetteActivePort'), 'utf8'));
        } catch {
          return 0;
        }
      })();
      if (port > 0) return port;
      if (this.firefox.exitCode !== null || performance.now() > until)
        throw new Error('Firefox did not start');
    }
  }

  #read(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const colon = this.#rest.indexOf(':');
      const length = Number(this.#rest.subarray(0, Math.max(0, colon)));
      if (colon <= 0 || this.#rest.length < colon + 1 + length) return;
      this.#answer(JSON.parse(this.#rest.subarray(colon + 1, colon + 1 + length).toString()));
      this.#rest = this.#rest.subarray(colon + 1 + length);
    }
  }

  /** The first message is a greeting, and has no number. */
  #answer(message: unknown): void {
    const [, id = 0, error = null, result = null] = Array.isArray(message) ? message : [];
    this.#waiting.get(id)?.({ error, result });
    this.#waiting.delete(id);
  }

  #lost(): void {
    const error = { error: 'lost', message: 'Firefox has closed its socket' };
    for (const answer of this.#waiting.values()) answer({ error, result: null });
    this.#waiting.clear();
  }
}

interface Refusal {
  readonly error: string;
  readonly message: string;
}
