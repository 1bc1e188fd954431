import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program that a suite needs beside Bun. */
export interface Tool {
  readonly name: string;
  readonly commands: readonly string[];
  readonly debianPackage: string;
}

/** `broken` is a tool that this machine should be able to install and could not. */
export type ToolState = { readonly found: string } | { readonly missing: string; readonly broken: boolean };

export const STRACE: Tool = { name: 'strace', commands: ['strace'], debianPackage: 'strace' };
export const CHROMIUM: Tool = { name: 'Chromium', commands: ['chromium', 'chromium-browser', 'google-chrome'], debianPackage: 'chromium' };

/** What the operations side is tested with: the very programs that it configures. */
export const OPERATIONS: readonly Tool[] = [
  { name: 'systemd-analyze', commands: ['systemd-analyze'], debianPackage: 'systemd' },
  { name: 'nginx', commands: ['nginx', '/usr/sbin/nginx'], debianPackage: 'nginx' },
  { name: 'Redis', commands: ['redis-server'], debianPackage: 'redis-server' },
  { name: 'promtool', commands: ['promtool'], debianPackage: 'prometheus' },
  { name: 'nft', commands: ['nft', '/usr/sbin/nft'], debianPackage: 'nftables' },
  { name: 'logrotate', commands: ['logrotate', '/usr/sbin/logrotate'], debianPackage: 'logrotate' },
  { name: 'shellcheck', commands: ['shellcheck'], debianPackage: 'shellcheck' },
  { name: 'openssl', commands: ['openssl'], debianPackage: 'openssl' },
  { name: 'curl', commands: ['curl'], debianPackage: 'curl' },
];

const INSTALL_MINUTES_MAX = 6;

/** Finds a tool or, as root on Debian, installs it; says why where neither works. */
export async function ensureTool(tool: Tool, root: string): Promise<ToolState> {
  const found = findTool(tool);
  if (found) return { found };
  if (!Bun.which('apt-get')) return { missing: `${tool.name} is not installed and there is no apt-get here`, broken: false };
  if (process.getuid?.() !== 0) return { missing: `${tool.name} is not installed and only root may install it (apt-get install ${tool.debianPackage})`, broken: false };
  console.log(`installing ${tool.name} …`);
  const log = join(root, '.tools/apt.log');
  await Bun.write(log, '');
  const installed = (await aptGet(log, 'update')) && (await withoutStarting(() => aptGet(log, 'install', '--yes', '--no-install-recommends', tool.debianPackage)));
  const path = findTool(tool);
  return installed && path ? { found: path } : { missing: `${tool.name} could not be installed; details are in .tools/apt.log`, broken: true };
}

export const findTool = (tool: Tool): string | null => tool.commands.map((command) => Bun.which(command)).find((path) => path !== null) ?? null;

/** What Debian's packages ask before they start a service. Tests start what they need themselves, on loopback and a port of their own. */
const POLICY = '/usr/sbin/policy-rc.d';

async function withoutStarting<Result>(install: () => Promise<Result>): Promise<Result> {
  if (existsSync(POLICY)) return install();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await install();
  } finally {
    rmSync(POLICY);
  }
}

async function aptGet(log: string, ...words: string[]): Promise<boolean> {
  const child = Bun.spawn(['apt-get', '--quiet', ...words], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdin: 'ignore',
    stdout: Bun.file(log),
    stderr: Bun.file(log),
    timeout: INSTALL_MINUTES_MAX * 60_000,
  });
  return (await child.exited) === 0;
}
