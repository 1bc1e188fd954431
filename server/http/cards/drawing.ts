import { initWasm, Resvg } from '@resvg/resvg-wasm';
import RENDERER from '@resvg/resvg-wasm/index_bg.wasm' with { type: 'file' };
import REGULAR from '@fontsource/inter/files/inter-latin-400-normal.woff2' with { type: 'file' };
import MEDIUM from '@fontsource/inter/files/inter-latin-600-normal.woff2' with { type: 'file' };
import HEAVY from '@fontsource/inter/files/inter-latin-800-normal.woff2' with { type: 'file' };

/**
 * Draws an SVG document, with the font of the program and no other, so that the same document gives the same
 * bytes on every machine. It takes the processor for some tenths of a second: never in a process that serves.
 * @returns a PNG
 */
export async function drawnPng(svg: string): Promise<Uint8Array> {
  const fonts = await (tools ??= load());
  const picture = new Resvg(svg, {
    font: { fontBuffers: [...fonts], defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
  });
  return picture.render().asPng();
}

/** The renderer can be made ready only once. */
let tools: Promise<readonly Uint8Array[]> | null = null;

/** @returns the font */
async function load(): Promise<readonly Uint8Array[]> {
  const read = (path: string) => Bun.file(path).bytes();
  await initWasm(await read(RENDERER));
  return Promise.all([REGULAR, MEDIUM, HEAVY].map(read));
}
