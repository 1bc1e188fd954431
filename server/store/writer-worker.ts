/// <reference lib="webworker" />
import type { Database } from 'bun:sqlite';
import { packed } from './crossing.ts';
import type { SqliteLedger } from './ledger.ts';
import { closeLedger, openLedger, type FromWriter, type ToWriter } from './writer.ts';
import { messageOf } from '../ports/failure.ts';

declare const self: Worker;

/** One message, one answer, in order. */
let opened: { readonly db: Database; readonly ledger: SqliteLedger } | null = null;

self.onmessage = ({ data }: MessageEvent<string>) => {
  let answer: FromWriter;
  try {
    answer = carryOut(JSON.parse(data) as ToWriter);
  } catch (error) {
    answer = { failed: messageOf(error) };
  }
  self.postMessage(JSON.stringify(answer));
};

function carryOut(message: ToWriter): FromWriter {
  if ('open' in message) {
    opened = openLedger(message.open);
    return { done: true };
  }
  if (opened === null) throw new Error('the ledger is not open');
  if ('commit' in message)
    return { commit: packed(opened.ledger.commit(message.commit, message.at), message.commit) };
  closeLedger(opened.db);
  opened = null;
  return { done: true };
}
