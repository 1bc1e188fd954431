import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';

const css = await Bun.file(join(import.meta.dir, 'theme.css')).text();

/** Colours of a theme: the first block is dark, the one for `light` overrides it. */
function themeOf(name: 'dark' | 'light'): Map<string, string> {
  const colours = new Map<string, string>();
  const blocks = [
    /:root \{([^}]*)\}/.exec(css)![1]!,
    ...(name === 'light' ? [/:root\[data-theme='light'\] \{([^}]*)\}/.exec(css)![1]!] : []),
  ];
  for (const block of blocks)
    for (const [, key, value] of block.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)) colours.set(key!, value!);
  return colours;
}

function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex;
  const [r, g, b] = [1, 3, 5]
    .map((i) => parseInt(full.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, 1.4.3. */
const contrast = (a: string, b: string): number => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

const PAIRS = [
  ...['bg', 'panel', 'raise'].flatMap((ground) => ['text', 'muted'].map((ink) => [ink, ground])),
  ...['bg', 'panel'].flatMap((ground) =>
    ['faint', 'amber-text', 'win-text', 'warn', 'halt', 'loss'].map((ink) => [ink, ground]),
  ),
  ['warn', 'warn-ground'],
  ['halt', 'halt-ground'],
  ['on-amber', 'amber'],
  ['on-win', 'win'],
  ['bg', 'text'],
] as [string, string][];

describe.each(['dark', 'light'] as const)('%s theme', (name) => {
  const colours = themeOf(name);
  test.each(PAIRS)('%s on %s is legible', (ink, ground) =>
    expect(contrast(colours.get(ink)!, colours.get(ground)!)).toBeGreaterThanOrEqual(4.5),
  );
});

test('the automatic light theme is the light theme', () => {
  const blocks = [...css.matchAll(/data-theme='(?:light|auto)'\] \{([^}]*)\}/g)].map(([, block]) =>
    block!.replace(/\s+/g, ' ').trim(),
  );
  expect(blocks[0]).toBe(blocks[1]!);
});
