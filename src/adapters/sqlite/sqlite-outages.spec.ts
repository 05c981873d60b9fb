import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { NO_STREAM } from '../../event-store/event-store.js';
import { event, events } from '../../../test/contract/event-store.fixture.js';
import { CAN_MOUNT, mountSmallDisk } from '../../../test/support/small-disk.js';
import { SqliteEventStore } from './sqlite-event-store.js';

const STREAM = 'account-1';
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

async function openIn(folder: string) {
  const path = join(folder, 'events.db');
  const store = await SqliteEventStore.open(path);
  cleanUp.push(() => store.close());
  await store.append(STREAM, NO_STREAM, events(1));
  return { store, path };
}

describe.runIf(CAN_MOUNT)('a file on a full disk', () => {
  it('can be read, takes no append and says so; and takes them again when there is room', async () => {
    const disk = mountSmallDisk(2);
    cleanUp.push(() => disk.close());
    const { store, path } = await openIn(disk.folder);
    disk.fillUp();
    const full = `${path}: database or disk is full`;
    await expect(store.append(STREAM, 0, [event({ text: 'x'.repeat(10_000) })])).rejects.toThrow(full);
    await expect(store.probe()).rejects.toThrow(full);
    expect(await store.head()).toBe(1);
    disk.free();
    await store.probe();
    await store.append(STREAM, 0, events(1));
    expect(await store.readStream(STREAM, 0, 10)).toHaveLength(2);
  });
});

describe('a file that was open', () => {
  const inFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-hub-'));
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
    return openIn(folder);
  };

  it('and is moved away takes no event that would be lost, until it is put back', async () => {
    const { store, path } = await inFolder();
    renameSync(path, `${path}.away`);
    const away = 'was deleted or moved';
    await expect(store.append(STREAM, 0, events(1))).rejects.toThrow(away);
    await expect(store.probe()).rejects.toThrow(away);
    await expect(store.head()).rejects.toThrow(away);
    writeFileSync(path, '');
    await expect(store.probe(), 'another in its place').rejects.toThrow(away);
    renameSync(`${path}.away`, path);
    await store.probe();
    await store.append(STREAM, 0, events(1));
    expect(await store.readStream(STREAM, 0, 10)).toHaveLength(2);
  });

  it('and is deleted with its folder can still be closed', async () => {
    const { store, path } = await inFolder();
    rmSync(join(path, '..'), { recursive: true });
    await expect(store.append(STREAM, 0, events(1))).rejects.toThrow('was deleted or moved');
    await store.close();
  });
});
