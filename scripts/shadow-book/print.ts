import { grouped } from '../../server/game/money.ts';
import { shownHalfWidth, type BlocksKept } from '../../server/game/learned/earned.ts';
import { FIGURES_HEAD, figureCells } from '../replay-market/all-cells/print.ts';
import { plainTable } from '../replay-market/tables.ts';
import type { ShadowReport } from './rebuild.ts';

/** Faults that people are shown; `--json` has all. */
const FAULTS_SHOWN = 20;
const NOTHING = { cells: 0, quoted: null, realised: null, d: null, h: null } as const;

export function shadowText({ blocks, rebuilt, from, to, faults, ...figures }: ShadowReport): string {
  if (blocks === 0)
    return 'The shadow book is empty. A house writes its first block within ten minutes of its first tick.\n';
  const shown = faults.slice(0, FAULTS_SHOWN).map(({ block, detail }) => `  block ${block}: ${detail}`);
  return [
    `Shadow book from ${from} to ${to}`,
    `${grouped(blocks)} ${blocks === 1 ? 'block' : 'blocks'}, ${grouped(rebuilt)} worked out again` +
      (rebuilt < blocks ? '; ticks or revisions of the others are archived' : ''),
    '',
    ...tablesOf(figures).flatMap((table) => [plainTable(table), '']),
    ...(faults.length > shown.length ? [...shown, `  and ${faults.length - shown.length} more`] : shown),
    faults.length === 0 ? 'Every block is what its ticks and revisions say.' : `${faults.length} FAULTS.`,
    '',
  ].join('\n');
}

function tablesOf({ buckets, leads, all }: Pick<ShadowReport, 'buckets' | 'leads' | 'all'>) {
  const row = (name: string, kept: BlocksKept | null): string[] => [
    name,
    ...figureCells(kept === null ? NOTHING : { ...kept, h: shownHalfWidth(kept) }),
  ];
  return [
    {
      head: ['on offer', ...FIGURES_HEAD],
      rows: [...buckets.map(({ label, offers }) => row(label, offers)), row('all', all)],
    },
    {
      head: ['lead', ...FIGURES_HEAD],
      rows: leads.map(({ belowSeconds, offers }) =>
        row(belowSeconds === null ? 'more' : `below ${belowSeconds} s`, offers),
      ),
    },
    {
      head: ['all cells, ordinary margins', ...FIGURES_HEAD, 'earned'],
      rows: buckets.map(({ label, evidence, trust }) => [...row(label, evidence), trust]),
    },
  ];
}
