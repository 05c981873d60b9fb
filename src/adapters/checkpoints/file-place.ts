import { open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../kernel/index.js';
import { type CheckpointPlace, checkpointName, sizesIn } from '../../seals/index.js';
import { makeFolder } from '../make-folder.js';

/** A folder with a file for each checkpoint. It may be on another machine, or on a disk that is written once. */
export class FilePlace implements CheckpointPlace {
  constructor(private readonly folder: string) {}

  get name(): string {
    return `file:${this.folder}`;
  }

  /** The file appears whole, and is on the disk before it does. */
  async write(size: number, note: string): Promise<void> {
    if (await this.#has(size, note)) return;
    const file = this.#file(size);
    const draft = `${file}.${newId()}`;
    await makeFolder(this.folder);
    await using handle = await open(draft, 'wx');
    await handle.writeFile(note);
    await handle.sync();
    await rename(draft, file);
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
    throw new Error(`${this.name} has another checkpoint of ${size} events`);
  }

  #file(size: number): string {
    return join(this.folder, checkpointName(size));
  }
}

async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
