import { drawnPng } from '../../server/http/cards/drawing.ts';
import { command } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { failingAs } from '../command-line/failure.ts';

export const drawCard = command({
  about:
    'Draws an SVG document from standard input and prints the PNG in base64. Servers run this ' +
    'themselves for the cards of wins.',
  examples: ['draw-card'],
  exits: { 0: 'drawn', 1: 'not drawn' },
  run: (_, shell) =>
    failingAs('not_drawn', 'Not drawn', async () => {
      const png = Buffer.from(await drawnPng(await shell.input())).toString('base64');
      return { exit: EXIT.ok, report: { png }, text: `${png}\n` };
    }),
});
