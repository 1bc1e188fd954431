import { Type } from '@sinclair/typebox';
import { HEADLINE_CAP, HEADLINE_EDGE, HEADLINES_MAX, termsFrom, termsUntil } from '../../game/headline.ts';
import { endpoint } from '../endpoint.ts';
import { NO_STORE, ok } from '../reply.ts';
import { hundredths, time } from '../shape.ts';

export const calendar = endpoint({
  method: 'GET',
  path: '/api/v1/calendar',
  title: 'Read the news calendar',
  about:
    'News that the operator expects, in order of time: from `from` to `until` the edge of every cell is ' +
    'wider by `edge`, and no multiplier is higher than `capHundredths`. Bets that are locked keep theirs.',
  access: 'open',
  answers: {
    200: {
      about: 'What is not over yet',
      schema: Type.Object({
        edge: Type.Number({ description: 'Added to the edge; 0.1 is ten points' }),
        capHundredths: hundredths('Highest multiplier'),
        headlines: Type.Array(
          Type.Object({
            at: time('When the news is expected'),
            name: Type.String({ description: 'For people' }),
            from: time('The terms apply from then on'),
            until: time('To then'),
          }),
          { maxItems: HEADLINES_MAX },
        ),
      }),
      example: {
        edge: HEADLINE_EDGE,
        capHundredths: HEADLINE_CAP,
        headlines: [
          {
            at: 1_781_485_500_000,
            name: 'US consumer prices',
            from: 1_781_485_200_000,
            until: 1_781_486_400_000,
          },
        ],
      },
    },
  },
  refusals: [],
  run: ({ deps }) =>
    ok(
      {
        edge: HEADLINE_EDGE,
        capHundredths: HEADLINE_CAP,
        headlines: deps.house.calendar().headlines.map((one) => ({
          at: one.at,
          name: one.name,
          from: termsFrom(one),
          until: termsUntil(one),
        })),
      },
      NO_STORE,
    ),
});
