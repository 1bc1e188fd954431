import { version } from '../../package.json';

/** What this program was built from. */
export interface Build {
  readonly version: string;
  /** 40 hexadecimal digits, `-changed` behind them where the sources were not those of the commit. */
  readonly commit: string | null;
  /** ISO 8601, UTC. */
  readonly builtAt: string | null;
}

/** Put in by scripts/build-release.ts. */
declare const TAPGRID_BUILD: Build | undefined;

/** Run from its sources, nothing was built: then the version alone is known. */
export const BUILD: Build =
  typeof TAPGRID_BUILD === 'undefined' ? { version, commit: null, builtAt: null } : TAPGRID_BUILD;

/** One word for it: two processes of one house are of the same build. */
export const BUILD_NAME = BUILD.commit === null ? BUILD.version : `${BUILD.version}+${BUILD.commit}`;
