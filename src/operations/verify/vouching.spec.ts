// What a ledger is believed by: checkpoints, MACs, and snapshots that a gateway wrote.
import { describe, expect, it } from 'vitest';
import { NOON } from '../../../test/support/ledger/commands.js';
import { EditedStore, rehashed } from '../../../test/support/ledger/edited-store.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { MemoryPlace } from '../../../test/support/seals/memory-place.js';
import { newKeys, sealedLedger } from '../../../test/support/seals/sealed-ledger.js';
import { newKey } from '../../../test/support/seals/sealing.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { type EventStore, rebuild, type Row, START } from '../../event-store/index.js';
import { type JsonObject, SystemClock, usd } from '../../kernel/index.js';
import { AccountHistory, accountSnapshots } from '../../ledger/index.js';
import {
  AuthenticatedEventStore,
  AuthenticatedReadModelStore,
  EventMacs,
  LedgerKeys,
  logTreeView,
  readLedgerKey,
  Sealer,
  Seals,
} from '../../seals/index.js';
import { checkpointText } from '../../seals/checkpoint.js';
import { signNote } from '../../seals/note.js';
import { PROJECTIONS } from '../projections.js';
import { verify } from './verify.js';

describe('what vouches for a ledger', () => {
  const warningsOf = async (store: EventStore, seals: Seals): Promise<string> => {
    const { faults, warnings } = await verify(store, new MemoryReadModelStore(), { seals, readModels: false });
    expect(faults).toEqual([]);
    return warnings.join('\n');
  };

  it('is missed when every checkpoint and every MAC was removed, and every hash made right again', async () => {
    const bare = (await sealedLedger()).events
      .filter(({ stream }) => stream !== 'seals')
      .map((event) => ({ ...event, metadata: { hash: event.metadata['hash'] ?? null } }));
    const store = new EditedStore(rehashed(bare.map((event, position) => ({ ...event, position }))));
    const seals = new Seals(store, new MemoryReadModelStore(), newKeys(), [new MemoryPlace()]);
    expect(await warningsOf(store, seals)).toMatch(
      new RegExp(`^No checkpoint of this ledger .* its ${bare.length} events, of which ${bare.length} have no MAC`),
    );
  });

  it('is missed in an old ledger without checkpoints, and not yet in one of a minute ago', async () => {
    const keys = newKeys();
    const made = await ledgerWithHistory(new AuthenticatedEventStore(new MemoryEventStore(), keys));
    await made.open('a');
    const events = await made.store.readAll(START, 100);
    const recorded = (minutes: number) =>
      new EditedStore(
        events.map((event, index) => ({
          ...event,
          recordedAt: new Date(NOON + index * minutes * 60_000).toISOString(),
        })),
      );
    const found = (store: EventStore) => warningsOf(store, new Seals(store, new MemoryReadModelStore(), keys, []));
    expect(await found(recorded(0))).toBe('');
    expect(await found(recorded(60))).toMatch(/^No checkpoint of this ledger .* of which 0 have no MAC/);
  });

  it('is waited for in a place that is written to just now', async () => {
    const { store, place, seals } = await sealedLedger();
    const newest = [...place.kept.keys()].at(-1) ?? 0;
    const note = place.kept.get(newest) ?? '';
    place.kept.delete(newest);
    const verified = warningsOf(store, seals(store));
    setTimeout(() => place.kept.set(newest, note), 500);
    expect(await verified).toBe('');
  });

  it('is missed in a place that lost its newest checkpoints', async () => {
    const keys = newKeys();
    const { store, place, seals } = await sealedLedger(keys);
    expect(await warningsOf(store, seals(store))).toBe('');
    const [first = 0, second = 0] = place.kept.keys();
    place.kept.delete(second);
    expect(await warningsOf(store, seals(store))).toMatch(
      `memory has no checkpoint after that of ${first} events, and the newest in the ledger is of ${second}`,
    );
    place.kept.clear();
    expect(await warningsOf(store, seals(store))).toMatch('memory has no checkpoint, and the newest');
  });

  it('is a checkpoint in a place that the ledger no longer has', async () => {
    const keys = newKeys();
    const { store, place, seals } = await sealedLedger(keys);
    const root = (await seals(store).tree.root(1)) ?? Buffer.of();
    place.kept.set(1, signNote(checkpointText({ origin: keys.origin, size: 1, root }), [keys.newest]));
    const { faults } = await verify(store, new MemoryReadModelStore(), { seals: seals(store), readModels: false });
    expect(faults).toEqual(['The checkpoint of 1 event in memory is not in the stream seals: it was removed.']);
  });

  it('is no checkpoint that a place has by the name of another', async () => {
    const { store, place, seals } = await sealedLedger();
    const [first = 0] = place.kept.keys();
    place.kept.set(1_000_000, place.kept.get(first) ?? '');
    const { faults } = await verify(store, new MemoryReadModelStore(), { seals: seals(store), readModels: false });
    expect(faults).toEqual([
      `The checkpoint of 1000000 events in memory is not a checkpoint of this ledger: it seals ${first} events.`,
    ]);
  });

  it.each([
    ['no note', { note: 'none' }],
    ['no time', { at: 'noon' }],
  ])('is no event of a checkpoint with %s, which is named however many keys there are', async (_what, change) => {
    const [old, next] = [newKey(), newKey()];
    const { events } = await sealedLedger(new LedgerKeys([old]));
    const forged = events.map((event) =>
      event.stream === 'seals' && event.revision === 0 ? { ...event, data: { ...event.data, ...change } } : event,
    );
    const store = new EditedStore(forged);
    const seals = new Seals(store, new MemoryReadModelStore(), new LedgerKeys([next, old]), []);
    const { faults } = await verify(store, new MemoryReadModelStore(), { seals, readModels: false });
    expect(faults.join()).toMatch(/revision 0 of seals/i);
  });
});

describe('a snapshot that somebody else wrote', () => {
  const EVERY = 4;
  const MILESTONE = 'account-a@1';

  /** An account whose only milestone says, without the key, that it was given a thousand times as much. */
  async function forgedLedger() {
    const keys = newKeys();
    const behind = new MemoryReadModelStore();
    const readModels = new AuthenticatedReadModelStore(behind, keys);
    const made = await ledgerWithHistory(new AuthenticatedEventStore(new MemoryEventStore(), keys));
    await made.open('a');
    await made.hold('a', 'c1');
    await made.release('a', 'c1');
    const history = () => new AccountHistory(made.store, readModels, EVERY);
    const genuine = await history().balanceBefore('a', 5);
    const stored = (await behind.load(accountSnapshots.view, [MILESTONE])).get(MILESTONE);
    const doc = JSON.parse(JSON.stringify(stored?.doc).replaceAll('"10.00"', '"10000.00"')) as JsonObject;
    expect(doc).not.toEqual(stored?.doc);
    await behind.replace(accountSnapshots.view, { name: 'nothing', indexes: [] });
    await behind.apply(accountSnapshots.view, { rows: [{ ...(stored as Row), doc }] });
    await rebuild(made.store, readModels, PROJECTIONS);
    const seals = new Seals(made.store, readModels, keys, []);
    return { ...made, readModels, seals, history, genuine };
  }

  it('is named', async () => {
    const { store, readModels, seals } = await forgedLedger();
    const { faults } = await verify(store, readModels, { seals });
    expect(faults).toEqual([
      'The snapshot account-a@1 in account-snapshots-10 has a wrong MAC: no gateway wrote it, and none uses it.',
    ]);
  });

  it('gives an account nothing', async () => {
    const { history, genuine } = await forgedLedger();
    expect(genuine).toBe(usd('10'));
    expect(await history().balanceBefore('a', 5)).toBe(genuine);
  });
});

it('a subtree of the tree over the log that somebody else wrote is named', async () => {
  const { store } = await sealedLedger();
  const behind = new MemoryReadModelStore();
  const doc = { level: 8, index: 0, hash: Buffer.alloc(32).toString('base64'), after: -1 };
  await behind.apply(logTreeView, { rows: [{ id: '8/0', position: 255, doc }] });
  const { faults } = await verify(store, new AuthenticatedReadModelStore(behind, newKeys()));
  expect(faults).toEqual(['The subtree 8/0 in log-tree-2 has no MAC: no gateway wrote it, and none uses it.']);
});

describe('a ledger whose key is missing', () => {
  it.each([
    ['another is named', newKeys()],
    ['none is named', undefined],
  ])('is told so in one sentence, and what to do, when %s', async (_what, keys) => {
    const { store, readModels, place, events } = await sealedLedger();
    const seals = new Seals(store, new MemoryReadModelStore(), keys, [place]);
    const { faults, faultCount } = await verify(store, readModels, { seals });
    const id = EventMacs.keyIdOf(events[0]?.metadata['mac']);
    const named = keys === undefined ? 'no key' : `only ${keys.newest.mac.id}`;
    const sentence = `The key of this ledger is missing: its events have MACs by the key ${id}, and LEDGER_KEY_FILE names ${named}. Name the file`;
    expect([faults, faultCount]).toEqual([[expect.stringContaining(sentence)], 1]);
  });
});

describe('a ledger whose key is lost for good', () => {
  /** It goes on by another key, with the public key of the lost one or without. */
  async function lostLedger(publicKeys: readonly string[] = []) {
    const old = newKeys();
    const sealed = await sealedLedger(old);
    const { store, place, readModels } = sealed;
    const key = newKey();
    const ring = (kept: readonly string[]) =>
      new LedgerKeys([key, ...kept.map(() => readLedgerKey(old.newest.verifierKey))]);
    const keys = ring(publicKeys);
    const next = new AuthenticatedEventStore(sealed.behind, keys);
    const snapshots = new AuthenticatedReadModelStore(readModels, old);
    const first = { id: 'account-a', position: 1, doc: { revision: 1 } };
    await snapshots.apply(accountSnapshots.view, { rows: [first] });
    const authentic = new AuthenticatedReadModelStore(readModels, keys);
    const seals = new Seals(next, authentic, keys, [place]);
    const sealer = new Sealer(seals, next, new SystemClock());
    const keyId = old.newest.mac.id;
    const lost = { keyId, by: 'olga', reason: 'the disk with it burnt' };
    const verifiedWith = (kept: readonly string[]) =>
      verify(store, authentic, { seals: new Seals(next, authentic, ring(kept), [place]) });
    return {
      store,
      verifiedWith,
      append: () => sealed.open('c'),
      lost,
      seals,
      sealer,
      verified: () => verify(store, authentic, { seals }),
    };
  }

  it('has no fault once that is recorded, and is told by which key what is vouched for', async () => {
    const { lost, seals, sealer, verified, store } = await lostLedger();
    expect((await verified()).faults[0]).toContain('The key of this ledger is missing');
    const by = (await store.readAll(START, 1_000)).filter(
      ({ metadata: { mac } }) => EventMacs.keyIdOf(mac) === lost.keyId,
    );
    await sealer.replaceLostKey(lost);
    await sealer.seal();
    const { faults, warnings, checkpoints } = await verified();
    expect([faults, checkpoints]).toEqual([[], 2]);
    expect(warnings[0]).toMatch(
      new RegExp(
        `^The key ${lost.keyId} is lost since .*olga recorded \\(the disk with it burnt\\). ${by.length} events`,
      ),
    );
    expect(warnings[0]).toContain(seals.keys?.newest.verifierKey);
    expect(warnings[1]).toMatch(/^4 checkpoints are from before a key was lost/);
  });

  it.each([
    ['was kept', ['kept'], ['kept']],
    ['is found later', [], ['kept']],
  ])('has its old checkpoints compared where the public key %s', async (_what, before, after) => {
    const { lost, sealer, verifiedWith } = await lostLedger(before);
    await sealer.replaceLostKey(lost);
    await sealer.seal();
    const verified = () => verifiedWith(after);
    const { faults, warnings, checkpoints } = await verified();
    expect([faults, warnings.length, checkpoints]).toEqual([[], 1, 6]);
  });

  it('takes nothing more by the lost key', async () => {
    const { lost, sealer, verified, append } = await lostLedger();
    await sealer.replaceLostKey(lost);
    await sealer.seal();
    await append();
    expect((await verified()).faults.join()).toContain(`has a MAC by the key ${lost.keyId}, which was lost by then`);
  });
});

it('an event by a key of its own is named where the key of the ledger is there', async () => {
  const { events, readModels, seals } = await sealedLedger();
  const [other] = (await sealedLedger()).events;
  const forged = events.map((event, at) =>
    at === 5 ? { ...event, metadata: { ...event.metadata, mac: other!.metadata['mac']! } } : event,
  );
  const store = new EditedStore(forged);
  const { faults } = await verify(store, readModels, { seals: seals(store), readModels: false });
  expect(faults.join()).toMatch(/has a MAC by the key \w{8}, which LEDGER_KEY_FILE does not name: no gateway wrote it/);
});
