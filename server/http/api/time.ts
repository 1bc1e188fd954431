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
    'A program whose own clock may be off takes the difference once, and again now and then.',
  access: 'open',
  answers: {
    200: {
      about: 'The time of the answer',
      schema: Type.Object({ now: at('Now') }),
      example: { now: 1_781_481_600_123 },
    },
  },
  refusals: [],
  run: ({ now }) => ok({ now }, NO_STORE),
});
