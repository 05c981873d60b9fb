import { constants, copyFile, link, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { countOf, newId } from '../../kernel/index.js';
import { type CheckpointPlace, checkpointName, sizesIn } from '../../seals/index.js';
import { makeFolder } from '../make-folder.js';

/** What file systems without hard links say (link(2)): FAT, some that are mounted from other machines. */
const WITHOUT_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** A folder with a file for each checkpoint. It may be on another machine, or on a disk that is written once. */
export class FilePlace implements CheckpointPlace {
  constructor(private readonly folder: string) {}

  get name(): string {
    return `file:${this.folder}`;
  }

  /** The file appears whole, is on the disk before it does, and takes no other's place, whoever writes one of its size at the same time. */
  async write(size: number, note: string): Promise<void> {
    if (await this.#has(size, note)) return;
    const file = this.#file(size);
    const draft = `${file}.${newId()}`;
    await makeFolder(this.folder);
    try {
      await writeDurably(draft, note);
      if (!(await appeared(draft, file))) await this.#has(size, note);
    } finally {
      await rm(draft, { force: true });
    }
  }

  async sizes(): Promise<readonly number[]> {
    return sizesIn((await unlessAbsent(readdir(this.folder))) ?? []);
  }

  read(size: number): Promise<string> {
    return readFile(this.#file(size), 'utf8');
  }

  /** @throws Error when it has another checkpoint of this size */
  async #has(size: number, note: string): Promise<boolean> {
    const kept = await unlessAbsent(this.read(size));
    if (kept === undefined || kept === note) return kept === note;
    throw new Error(`${this.name} has another checkpoint of ${countOf(size, 'event')}`);
  }

  #file(size: number): string {
    return join(this.folder, checkpointName(size));
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  await using handle = await open(file, 'wx');
  await handle.writeFile(text);
  await handle.sync();
}

/** Whether `draft` is now in the place of `file`, too; false when that was there. */
async function appeared(draft: string, file: string): Promise<boolean> {
  try {
    // `rename` would replace the other one (rename(2)).
    await link(draft, file).catch((error: unknown) => {
      if (!WITHOUT_LINKS.has(codeOf(error))) throw error;
      return copyFile(draft, file, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
