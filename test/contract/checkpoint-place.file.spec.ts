import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { FilePlace } from '../../src/adapters/checkpoints/file-place.js';
import { readablePlaceContract } from './checkpoint-place.contract.js';

/** The folder itself is made by the first write. */
const newFolder = async () => join(await mkdtemp(join(tmpdir(), 'token-hub-')), 'a', 'checkpoints');

readablePlaceContract('file', async () => {
  const folder = await newFolder();
  return {
    place: new FilePlace(folder),
    async kept() {
      const names = await readdir(folder);
      return new Map(
        await Promise.all(
          names.map(async (name) => [Number.parseInt(name, 10), await readFile(join(folder, name), 'utf8')] as const),
        ),
      );
    },
    /** A file stands where its parent was. */
    async lose() {
      await rm(dirname(folder), { recursive: true, force: true });
      await writeFile(dirname(folder), '');
    },
    close: () => rm(join(folder, '../..'), { recursive: true }),
  };
});

it('a write that fails leaves nothing behind', async () => {
  const folder = await newFolder();
  const place = new FilePlace(folder);
  await place.write(2, 'two\n');
  await expect(place.write(2, 'other\n')).rejects.toThrow('has another checkpoint of 2 events');
  expect(await readdir(folder)).toEqual(['0000000000000002.txt']);
  await rm(join(folder, '../..'), { recursive: true });
});

it('a folder of checkpoints ignores other files', async () => {
  const folder = await newFolder();
  const place = new FilePlace(folder);
  await place.write(2, 'two\n');
  for (const name of ['README.txt', '2.txt', '0000000000000003.txt.draft']) await writeFile(join(folder, name), '');
  expect(await place.sizes()).toEqual([2]);
  await rm(join(folder, '../..'), { recursive: true });
});
