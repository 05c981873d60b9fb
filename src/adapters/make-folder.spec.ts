import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, makeFolderSync } from './make-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-hub-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each([
  ['at once', async (path: string) => makeFolderSync(path)],
  ['meanwhile', makeFolder],
])('a folder that is made %s', (_when, make) => {
  it('has those above it made, and may be there', async () => {
    const inner = join(folder, 'a', 'b');
    for (let times = 0; times < 2; times++) await make(inner);
    expect(statSync(inner).isDirectory()).toBe(true);
  });

  it('may be made by many at the same time', async () => {
    const inner = join(folder, 'a', 'b');
    await Promise.all(Array.from({ length: 8 }, () => make(inner)));
    expect(statSync(inner).isDirectory()).toBe(true);
  });

  it('is refused where a file is in its way', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(make(join(folder, 'file', 'a'))).rejects.toThrow('ENOTDIR');
  });

  it.runIf(process.platform === 'linux')(
    'is refused where no folder can be made, instead of being tried for ever',
    async () => expect(make('/proc/token-hub/data')).rejects.toThrow('ENOENT'),
  );
});
