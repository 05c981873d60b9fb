import type { CheckpointPlace } from '../../../src/seals/index.js';

/** A place in memory, which is down when it is told to be. */
export class MemoryPlace implements CheckpointPlace {
  readonly name = 'memory';
  readonly kept = new Map<number, string>();
  isDown = false;

  async write(size: number, note: string): Promise<void> {
    this.#assertUp();
    this.kept.set(size, note);
  }

  async sizes(): Promise<readonly number[]> {
    this.#assertUp();
    return [...this.kept.keys()];
  }

  async read(size: number): Promise<string> {
    return this.kept.get(size) ?? '';
  }

  #assertUp(): void {
    if (this.isDown) throw new Error('it is down');
  }
}
