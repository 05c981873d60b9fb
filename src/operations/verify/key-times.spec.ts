// When a key of the ledger no longer authenticates events.
import { expect, it } from 'vitest';
import { NOON } from '../../../test/support/ledger/commands.js';
import { newKey } from '../../../test/support/seals/sealing.js';
import type { RecordedEvent } from '../../event-store/index.js';
import { toInstant } from '../../kernel/index.js';
import { LedgerKeys, SEALS_STREAM } from '../../seals/index.js';
import { checkpointText } from '../../seals/checkpoint.js';
import { signNote } from '../../seals/note.js';
import { KeyTimes } from './key-times.js';

const MINUTE = 60_000;

it('an earlier key counts until an hour after the first checkpoint by the one that replaced it', () => {
  const keys = new LedgerKeys([newKey(), newKey()]);
  const [next, old] = keys.all;
  const times = new KeyTimes(keys);
  const found = (minutes: number): (string | undefined)[] => {
    const note = signNote(checkpointText({ origin: keys.origin, size: 1, root: Buffer.alloc(32) }), [keys.newest]);
    const data = { note, at: toInstant(NOON + minutes * MINUTE) };
    times.take({ stream: SEALS_STREAM, data } as unknown as RecordedEvent);
    return [next, old].map((key) => times.faultOf(key?.mac.id ?? ''));
  };
  expect([found(0), found(59)]).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
  expect(found(60)).toEqual([undefined, `has a MAC by the key ${old?.mac.id}, which another had replaced by then`]);
});
