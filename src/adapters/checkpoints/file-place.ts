import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../kernel/index.js';
import { type CheckpointPlace, checkpointName, sizesIn } from '../../seals/index.js';

/** A folder with a file for each checkpoint. It may be on another machine, or on a disk that is written once. */
export class FilePlace implements CheckpointPlace {
  constructor(private readonly folder: string) {}

  get name(): string {
    return `file:${this.folder}`;
  }

  /** The file appears whole, and is on the disk before it does. */
  async write(size: number, note: string): Promise<void> {
    const file = join(this.folder, checkpointName(size));
    const draft = `${file}.${newId()}`;
    await mkdir(this.folder, { recursive: true });
    await using handle = await open(draft, 'wx');
    await handle.writeFile(note);
    await handle.sync();
    await rename(draft, file);
  }

  async sizes(): Promise<readonly number[]> {
    try {
      return sizesIn(await readdir(this.folder));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  read(size: number): Promise<string> {
    return readFile(join(this.folder, checkpointName(size)), 'utf8');
  }
}
