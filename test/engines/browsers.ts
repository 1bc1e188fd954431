import { join } from 'node:path';
import {
  CHROMEDRIVER,
  CHROMIUM,
  FIREFOX,
  findTool,
  WEBKIT_DRIVER,
  WEBKIT_WINDOW,
  XVFB,
} from '../runner/tools.ts';
import { PHONE } from '../stage/browser-stage.ts';
import { Browser } from './browser.ts';
import { MarionetteWire } from './marionette.ts';
import { Screen } from './screen.ts';
import { HttpWire } from './wire.ts';

/** What a house that is killed makes every browser say. */
const OF_A_LOST_LINE = /WebSocket|ERR_CONNECTION_REFUSED|Could not connect|NetworkError|can.t establish/i;
const isComplaint = (shape: RegExp) => (line: string) => shape.test(line) && !OF_A_LOST_LINE.test(line);

/** Firefox without a screen, as narrow as a phone. @throws Error where it does not start */
export async function firefox(): Promise<Browser> {
  const wire = await MarionetteWire.to(
    programOf(FIREFOX),
    isComplaint(/^JavaScript (?:error|warning): http|Content-Security-Policy/),
  );
  return sized(new Browser(wire, 'touch'));
}

/** WebKitGTK in a window of a phone's size that has the focus. @throws Error where it does not start */
export async function webkit(): Promise<Browser> {
  const screen = await Screen.open(programOf(XVFB));
  const wire = await HttpWire.to(
    [programOf(WEBKIT_DRIVER)],
    {
      'webkitgtk:browserOptions': {
        binary: programOf(WEBKIT_WINDOW),
        args: [join(import.meta.dir, 'window.py'), String(PHONE.width), String(PHONE.height)],
      },
    },
    {
      DISPLAY: screen.display,
      GDK_BACKEND: 'x11',
      LIBGL_ALWAYS_SOFTWARE: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    },
    isComplaint(/^CONSOLE .*\b(?:ERROR|error)\b/i),
  ).catch(async (cause) => {
    await screen.close();
    throw cause;
  });
  const { end } = wire;
  wire.end = () => end.call(wire).finally(() => screen.close());
  return new Browser(wire, 'mouse');
}

/** Chromium by the driver of its own makers. @throws Error where it does not start */
export async function chromium(): Promise<Browser> {
  const wire = await HttpWire.to(
    [programOf(CHROMEDRIVER)],
    {
      'goog:chromeOptions': {
        binary: programOf(CHROMIUM),
        args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
        mobileEmulation: { deviceMetrics: { ...PHONE, pixelRatio: 1, touch: true } },
      },
    },
    {},
    () => false,
  );
  return new Browser(wire, 'touch');
}

/** Until the page itself, not the window, is as large as a phone. */
async function sized(browser: Browser): Promise<Browser> {
  const inner = (): Promise<[number, number]> => browser.run(() => [window.innerWidth, window.innerHeight]);
  await browser.resize(PHONE.width, PHONE.height);
  const [width, height] = await inner();
  await browser.resize(2 * PHONE.width - width, 2 * PHONE.height - height);
  return browser;
}

const programOf = (tool: Parameters<typeof findTool>[0]): string => {
  const found = findTool(tool);
  if (found === null) throw new Error(`${tool.name} is not installed`);
  return found;
};

declare const window: any;
