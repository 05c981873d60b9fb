// The whole stream of an account as a file that can be checked alone (docs/audit.md, "The file of a stream").
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { CHAIN_START, eventsOf, type EventStore, type RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { accountStream } from '../../ledger/index.js';
import type { StatementSeals } from '../statements/index.js';

export interface StreamWish {
  readonly accountId: string;
  /** The last event of the file; -1 for a stream without any. */
  readonly revision: number;
}

export const eventFile = (store: EventStore, wish: StreamWish, seals: StatementSeals | undefined): StreamableFile =>
  new StreamableFile(Readable.from(lines(store, wish, seals)), {
    type: 'application/x-ndjson',
    disposition: `attachment; filename="events-${wish.accountId}.ndjson"`,
  });

/** A line for each event, between one that tells what follows and one that tells how it ends: a file that is cut off lacks that. */
async function* lines(
  store: EventStore,
  { accountId, revision }: StreamWish,
  seals: StatementSeals | undefined,
): AsyncGenerator<string> {
  const stream = accountStream(accountId);
  const count = revision + 1;
  yield line({ object: 'event_stream', version: 1, stream, events: count });
  let last: RecordedEvent | undefined;
  for await (const event of eventsOf(store, stream)) {
    if (event.revision > revision) break;
    last = event;
    const { id, type, data, metadata, recordedAt: recorded_at } = event;
    yield line({ revision: event.revision, id, type, data, metadata, recorded_at });
  }
  const hash = last === undefined ? CHAIN_START.hash : (last.metadata['hash'] ?? null);
  yield line({ object: 'event_stream_end', events: count, hash, proof: await proofOf(last, seals) });
}

const line = (value: JsonObject): string => `${JSON.stringify(value)}\n`;

/** That the last event, and so every one before it, is in the log that a signed checkpoint seals; null where nothing seals it. */
async function proofOf(last: RecordedEvent | undefined, seals: StatementSeals | undefined): Promise<JsonObject | null> {
  const proven = last && (await seals?.prove([last]));
  const [place] = proven?.places ?? [];
  if (seals === undefined || proven === undefined || place === undefined) return null;
  const { index, leaf, proof: inclusion } = place;
  return { keys: seals.keys, checkpoint: proven.checkpoint, index, leaf, inclusion };
}
