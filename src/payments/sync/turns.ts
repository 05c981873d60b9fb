/** Runs the tasks of each key one after another. A task that is requested again before it starts runs once, for all its callers. */
export class Turns<Result> {
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #waiting = new Map<string, Promise<Result>>();

  /** Runs work in its turn. Work with the same key and task is the same work. */
  run(key: string, task: string, work: () => Promise<Result>): Promise<Result> {
    const name = `${key} ${task}`;
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) return waiting;
    const turn = this.#after(this.#last.get(key), name, work);
    this.#waiting.set(name, turn);
    this.#last.set(key, turn);
    const forget = (): void => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  }

  async #after(before: Promise<unknown> | undefined, name: string, work: () => Promise<Result>): Promise<Result> {
    await before?.catch(() => undefined);
    this.#waiting.delete(name);
    return work();
  }
}
