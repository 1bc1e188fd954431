import type { Page } from 'playwright-core';
import WebP from 'node-webpmux';

/** Between two pictures; at this quality 10 s of play on a phone are about a megabyte. */
const FRAME_MS = 160;
const QUALITY = 40;

/**
 * Films a page while something is done on it, as an animated WebP that begins again at its end.
 * @param work what is done meanwhile; the film ends with it. @param path of the file that is written
 */
export async function film(page: Page, path: string, work: () => Promise<void>): Promise<void> {
  const line = await page.context().newCDPSession(page);
  const pictures: { readonly at: number; readonly buffer: Buffer }[] = [];
  let ended = false;
  const working = work().finally(() => {
    ended = true;
  });
  while (!ended) {
    const at = performance.now();
    const { data } = await line.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
    pictures.push({ at, buffer: Buffer.from(data, 'base64') });
    await Bun.sleep(Math.max(0, FRAME_MS - (performance.now() - at)));
  }
  await working;
  // A busy machine takes its pictures late: each is shown for as long as it was the newest.
  const frames = await Promise.all(
    pictures.map(({ at, buffer }, index) => {
      const until = pictures[index + 1]?.at ?? at + FRAME_MS;
      return WebP.Image.generateFrame({ buffer, delay: Math.round(until - at) });
    }),
  );
  const { width, height } = page.viewportSize()!;
  await WebP.Image.save(path, { width, height, frames, loops: 0 });
}
