import { START_MS_MAX } from './wire.ts';

/** A screen that nobody looks at, for a browser that has no headless mode. */
export class Screen {
  private constructor(
    private readonly server: Bun.Subprocess<'ignore', 'pipe', 'ignore'>,
    /** As `DISPLAY` has it. */
    readonly display: string,
  ) {}

  static async open(program: string): Promise<Screen> {
    const server = Bun.spawn(
      [program, '-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp', '-noreset'],
      { stdin: 'ignore', stdout: 'pipe', stderr: 'ignore' },
    );
    // It says its number once it takes windows.
    const reader = server.stdout.getReader();
    const timer = setTimeout(() => server.kill(), START_MS_MAX);
    let said = '';
    while (!said.includes('\n')) {
      const { value, done } = await reader.read();
      if (done) throw new Error('Xvfb did not start');
      said += new TextDecoder().decode(value);
    }
    clearTimeout(timer);
    return new Screen(server, `:${said.trim()}`);
  }

  async close(): Promise<void> {
    this.server.kill();
    await this.server.exited;
  }
}
