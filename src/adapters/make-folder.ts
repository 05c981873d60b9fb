// Makes folders, with those above them. Node's own `recursive` never ends where a folder takes no other, as in /proc: it is told that the parent
// is missing, makes it, is told that it is there, and tries again (MKDirpSync and MKDirpAsync in src/node_file.cc of nodejs/node).
import { existsSync, mkdirSync } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Another process may make it at the same time. */
function unlessThere(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}

export function makeFolderSync(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolderSync(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    unlessThere(error);
  }
}

export async function makeFolder(folder: string): Promise<void> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch(unlessThere);
}
