import type { CheckpointPlace } from '../../../src/seals/index.js';

/** A place in memory, which is down when it is told to be. */
export class MemoryPlace implements CheckpointPlace {
  readonly name = 'memory';
  readonly kept = new Map<number, string>();
  isDown = false;

  async write(size: number, note: string): Promise<void> {
    this.#assertUp();
    if ((this.kept.get(size) ?? note) !== note) throw new Error(`memory has another checkpoint of ${size} events`);
    this.kept.set(size, note);
  }

  async sizes(): Promise<readonly number[]> {
    this.#assertUp();
    return [...this.kept.keys()].toSorted((a, b) => a - b);
  }

  async read(size: number): Promise<string> {
    this.#assertUp();
    const note = this.kept.get(size);
    if (note === undefined) throw new Error(`there is no checkpoint of ${size} events`);
    return note;
  }

  #assertUp(): void {
    if (this.isDown) throw new Error('it is down');
  }
}
