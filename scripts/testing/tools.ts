import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goBuild, type GoProgram } from './go-program.ts';

/** A program that a suite needs beside Bun. */
export interface Tool {
  readonly name: string;
  readonly commands: readonly string[];
  /** Where it comes from: a package of Debian, or a program in Go. */
  readonly debianPackage?: string;
  readonly goProgram?: GoProgram;
  /** Of the commands that are there only one that says this when asked for its `version` will do. */
  readonly saysVersion?: RegExp;
}

/** `broken` is a tool that this machine should be able to install and could not. */
export type ToolState = { readonly found: string } | { readonly missing: string; readonly broken: boolean };

export const STRACE: Tool = { name: 'strace', commands: ['strace'], debianPackage: 'strace' };
const built = (name: string): string => join(import.meta.dir, '../../.tools/bin', name);

export const K6: Tool = {
  name: 'k6', commands: [built('k6'), 'k6'], saysVersion: /^k6 v2\./,
  goProgram: { name: 'k6', module: 'go.k6.io/k6/v2', version: 'v2.2.0', package: 'go.k6.io/k6/v2' },
};
/** An S3 server with conditional writes and checksums on a folder. */
export const VERSITYGW: Tool = {
  name: 'versitygw', commands: [built('versitygw'), 'versitygw'],
  goProgram: { name: 'versitygw', module: 'github.com/versity/versitygw', version: 'v1.8.0', package: 'github.com/versity/versitygw/cmd/versitygw' },
};
export const REDIS: Tool = { name: 'Redis', commands: ['redis-server'], debianPackage: 'redis-server' };
/** Runs a program under a clock of its own. */
export const FAKETIME: Tool = { name: 'libfaketime', commands: ['faketime'], debianPackage: 'faketime' };
export const CHROMIUM: Tool = { name: 'Chromium', commands: ['chromium', 'chromium-browser', 'google-chrome'], debianPackage: 'chromium' };

/** What the operations side is tested with: the very programs that it configures. */
export const OPERATIONS: readonly Tool[] = [
  { name: 'systemd-analyze', commands: ['systemd-analyze'], debianPackage: 'systemd' },
  { name: 'nginx', commands: ['nginx', '/usr/sbin/nginx'], debianPackage: 'nginx' },
  REDIS,
  { name: 'promtool', commands: ['promtool'], debianPackage: 'prometheus' },
  { name: 'nft', commands: ['nft', '/usr/sbin/nft'], debianPackage: 'nftables' },
  { name: 'logrotate', commands: ['logrotate', '/usr/sbin/logrotate'], debianPackage: 'logrotate' },
  { name: 'shellcheck', commands: ['shellcheck'], debianPackage: 'shellcheck' },
  { name: 'openssl', commands: ['openssl'], debianPackage: 'openssl' },
  { name: 'curl', commands: ['curl'], debianPackage: 'curl' },
  { name: 'jq', commands: ['jq'], debianPackage: 'jq' },
  { name: 'zip', commands: ['zip'], debianPackage: 'zip' },
  { name: 'unzip', commands: ['unzip'], debianPackage: 'unzip' },
];

const INSTALL_MINUTES_MAX = 6;

/** Finds a tool or installs it: as root from Debian, or with Go; says why where neither works. */
export async function ensureTool(tool: Tool, root: string): Promise<ToolState> {
  const found = findTool(tool);
  if (found) return { found };
  return tool.goProgram ? buildTool(tool, tool.goProgram, root) : installPackage(tool, tool.debianPackage!, root);
}

async function buildTool(tool: Tool, program: GoProgram, root: string): Promise<ToolState> {
  const go = findTool({ name: 'Go', commands: ['go', '/usr/local/go/bin/go'] });
  if (go === null) return { missing: `${tool.name} is not installed and there is no Go here to build it`, broken: false };
  console.log(`building ${tool.name}, which takes some minutes …`);
  await goBuild(go, program, join(root, '.tools'));
  const path = findTool(tool);
  return path ? { found: path } : { missing: `${tool.name} could not be built; details are in .tools/go.log`, broken: true };
}

async function installPackage(tool: Tool, debianPackage: string, root: string): Promise<ToolState> {
  if (!Bun.which('apt-get')) return { missing: `${tool.name} is not installed and there is no apt-get here`, broken: false };
  if (process.getuid?.() !== 0) return { missing: `${tool.name} is not installed and only root may install it (apt-get install ${debianPackage})`, broken: false };
  console.log(`installing ${tool.name} …`);
  const log = join(root, '.tools/apt.log');
  await Bun.write(log, '');
  const installed = (await aptGet(log, 'update')) && (await withoutStarting(() => aptGet(log, 'install', '--yes', '--no-install-recommends', debianPackage)));
  const path = findTool(tool);
  return installed && path ? { found: path } : { missing: `${tool.name} could not be installed; details are in .tools/apt.log`, broken: true };
}

export const findTool = ({ commands, saysVersion }: Tool): string | null =>
  commands.map((command) => Bun.which(command)).find((path) => path !== null && (saysVersion === undefined || saysVersion.test(Bun.spawnSync([path, 'version']).stdout.toString()))) ?? null;

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
