import { setImmediate as nextTurn } from 'node:timers/promises';

/** What is asked for in the same turn of the event loop, one command answers. All get its answer, or its error. */
export class InOneTurn<Ask, Answer> {
  #round: { readonly asks: Ask[]; readonly answer: Promise<Answer> } | undefined;

  constructor(private readonly answer: (asks: readonly Ask[]) => Promise<Answer>) {}

  ask(one: Ask): Promise<Answer> {
    this.#round ??= this.#begin();
    this.#round.asks.push(one);
    return this.#round.answer;
  }

  #begin(): { asks: Ask[]; answer: Promise<Answer> } {
    const asks: Ask[] = [];
    const answer = nextTurn().then(() => {
      this.#round = undefined;
      return this.answer(asks);
    });
    return { asks, answer };
  }
}
