import { Type } from '@sinclair/typebox';
import { endpoint } from '../endpoint.ts';
import { NO_STORE, ok } from '../reply.ts';
import { time as at } from '../shape.ts';

export const time = endpoint({
  method: 'GET',
  path: '/api/v1/time',
  title: 'Read the clock',
  about:
    'The clock behind deadlines, columns and lock times. ' +
    "If your program's clock may be off, measure the difference at the start and again from time to time.",
  access: 'open',
  answers: {
    200: {
      about: "The server's time",
      schema: Type.Object({ now: at('Now') }),
      example: { now: 1_781_481_600_123 },
    },
  },
  refusals: [],
  run: ({ now }) => ok({ now }, NO_STORE),
});
