/** Does work on one thing after another for each key; what is asked for while the same is waiting already is done once, for all who ask. */
export class Turns<Result> {
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #waiting = new Map<string, Promise<Result>>();

  /** `task` names what is done: two of the same name are the same work. */
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
