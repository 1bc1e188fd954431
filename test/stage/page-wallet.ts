import type { BrowserContext } from 'playwright-core';

/**
 * A wallet extension as a page meets one, with ethers inside the page: it announces itself by EIP-6963 when
 * it is asked and when `announce()` says so, and signs what it is asked to. A test reaches it as
 * `window.wallet`: `answers` replaces the answer to a method, by a function of its parameters that may throw
 * or never settle; `asked` are the methods so far.
 */
export interface PageWallet {
  readonly address: string;
  readonly asked: string[];
  readonly answers: Record<string, (params: readonly unknown[]) => unknown>;
  announce(): void;
}

let bundled: Promise<string> | null = null;

/** @param late it says nothing until the test lets it announce itself */
export async function installWallet(
  context: BrowserContext,
  { late = false, name = 'Test wallet' }: { late?: boolean; name?: string } = {},
): Promise<void> {
  bundled ??= bundle();
  await context.addInitScript({
    content: `${await bundled}\nglobalThis.wallet = makePageWallet(${JSON.stringify({ late, name })});`,
  });
}

async function bundle(): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [`${import.meta.dir}/page-wallet-script.ts`],
    target: 'browser',
    format: 'iife',
    minify: true,
  });
  return outputs[0]!.text();
}
