import { freePort } from '../stage/free-port.ts';

/** How the orders of W3C WebDriver reach a browser. */
export interface Wire {
  /**
   * @param order below the session, as `POST /url`. @returns its value
   * @throws Error with what the driver says of an order that failed
   */
  send(order: string, body?: unknown): Promise<unknown>;
  /** Ends browser and driver. */
  end(): Promise<void>;
  /** What the page complained about: lines of the browser's console. */
  readonly complaints: readonly string[];
}

/** Longest wait for a driver and its browser. */
export const START_MS_MAX = 60_000;

/** A driver as it comes with the browser, over HTTP: https://www.w3.org/TR/webdriver2/. */
export class HttpWire implements Wire {
  private constructor(
    private readonly driver: Bun.Subprocess,
    private readonly session: string,
    readonly complaints: readonly string[],
  ) {}

  /**
   * @param words the driver's, and `port` adds the one that it is to listen on
   * @param isComplaint which lines of what driver and browser print are faults of the page
   */
  static async to(
    words: readonly string[],
    capabilities: Readonly<Record<string, unknown>>,
    env: Readonly<Record<string, string>>,
    isComplaint: (line: string) => boolean,
  ): Promise<HttpWire> {
    const port = freePort();
    const driver = Bun.spawn([...words, `--port=${port}`], {
      env: { ...process.env, ...env },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const complaints = linesOf([driver.stdout, driver.stderr], isComplaint);
    const origin = `http://127.0.0.1:${port}`;
    try {
      await listening(driver, origin);
      const { sessionId } = (await asked('POST', `${origin}/session`, {
        capabilities: { alwaysMatch: capabilities },
      })) as { sessionId: string };
      return new HttpWire(driver, `${origin}/session/${sessionId}`, complaints);
    } catch (cause) {
      driver.kill('SIGKILL');
      throw cause;
    }
  }

  send(order: string, body?: unknown): Promise<unknown> {
    const [method = '', path = ''] = order.split(' ');
    return asked(method, this.session + path, body);
  }

  async end(): Promise<void> {
    await asked('DELETE', this.session).catch(() => {});
    this.driver.kill();
    await this.driver.exited;
  }
}

async function listening(driver: Bun.Subprocess, origin: string): Promise<void> {
  for (const until = performance.now() + START_MS_MAX; ; await Bun.sleep(50)) {
    if (
      await fetch(`${origin}/status`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    if (driver.exitCode !== null || performance.now() > until) throw new Error('the driver did not start');
  }
}

async function asked(method: string, url: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    signal: AbortSignal.timeout(START_MS_MAX),
  });
  const { value } = (await answer.json()) as { value: { error?: string; message?: string } | null };
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value?.error}, ${value?.message}`);
  return value;
}

/** The lines of streams that are meant, as they come. */
export function linesOf(
  streams: readonly ReadableStream<Uint8Array<ArrayBuffer>>[],
  isMeant: (line: string) => boolean,
): readonly string[] {
  const lines: string[] = [];
  for (const stream of streams)
    void (async () => {
      let rest = '';
      for await (const text of stream.pipeThrough(new TextDecoderStream())) {
        const parts = (rest + text).split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts.filter(isMeant));
      }
    })();
  return lines;
}
