// An event loop on a simulated clock: calls come, get on by a step in each turn, and wait for a store and a provider in between. It shows
// what becomes of them under any load, and the same each time.
import { Overload, TICK_MS } from '../../../src/proxy/call/overload.js';

export interface Machine {
  /** What each step of a call costs, in milliseconds: the request, its hold, the start and the end of the answer, its charge. */
  readonly stepMs: number;
  readonly refusalMs: number;
  /** Until an append is durable. */
  readonly storeMs: (at: number) => number;
  readonly providerMs: () => number;
  /** Where the loop stands still: at which instants, and for how long. */
  readonly pauses?: readonly { readonly at: number; readonly forMs: number }[];
  /** How much longer everything takes, as other programs have the cores. */
  readonly slowness?: (at: number) => number;
}

export interface Arrival {
  readonly at: number;
  readonly accountId: string;
}

/** A call that has ended: answered and charged, or refused. */
export interface Ended extends Arrival {
  readonly refused: boolean;
  readonly tookMs: number;
  readonly endedAt: number;
}

/** Takes a call to its next step. */
type Step = () => void;

const STEPS = 5;
const TURN_MS = 0.02;

export class SimulatedLoop {
  readonly ended: Ended[] = [];
  /** The limit after each tick. */
  readonly limits: number[] = [];
  readonly overload: Overload;
  #now = 0;
  #turns = 0;
  #busyMs = 0;
  #due: { readonly at: number; readonly step: Step }[] = [];

  constructor(
    private readonly machine: Machine,
    mostMs: number,
    random: () => number,
  ) {
    this.overload = new Overload(mostMs, () => ({ turns: this.#turns, busyMs: this.#busyMs }), {
      now: () => this.#now,
      random,
    });
  }

  /** Until all have ended. */
  run(arrivals: readonly Arrival[]): this {
    const pauses = [...(this.machine.pauses ?? [])];
    let [next, nextTick] = [0, TICK_MS];
    while (next < arrivals.length || this.#due.length > 0) {
      const began = this.#now;
      const ready = this.#takeReady();
      if (began >= nextTick) {
        this.overload.tick();
        this.limits.push(this.overload.limit);
        nextTick = began + TICK_MS;
      }
      for (; next < arrivals.length && arrivals[next]!.at <= began; next++) this.#arrive(arrivals[next]!);
      for (const step of ready) step();
      if (pauses[0] !== undefined && pauses[0].at <= began) this.#now += pauses.shift()!.forMs;
      this.#now += TURN_MS;
      this.#turns++;
      this.#busyMs += this.#now - began;
      const soonest = Math.min(nextTick, arrivals[next]?.at ?? Infinity, this.#due[0]?.at ?? Infinity);
      if (soonest > this.#now) this.#now = soonest; // it waits for events
    }
    return this;
  }

  #takeReady(): Step[] {
    const count = this.#due.findIndex(({ at }) => at > this.#now);
    return this.#due.splice(0, count === -1 ? this.#due.length : count).map(({ step }) => step);
  }

  #work(milliseconds: number): void {
    this.#now += milliseconds * (this.machine.slowness?.(this.#now) ?? 1);
  }

  #after(milliseconds: number, step: Step): void {
    const at = this.#now + milliseconds;
    let index = this.#due.length;
    while (index > 0 && this.#due[index - 1]!.at > at) index--;
    this.#due.splice(index, 0, { at, step });
  }

  #end(arrival: Arrival, refused: boolean): void {
    this.ended.push({ ...arrival, refused, tookMs: this.#now - arrival.at, endedAt: this.#now });
  }

  #arrive(arrival: Arrival): void {
    try {
      this.overload.check(arrival.accountId);
    } catch {
      this.#work(this.machine.refusalMs);
      return this.#end(arrival, true);
    }
    const { stepMs, storeMs, providerMs } = this.machine;
    const admission = this.overload.enter(arrival.accountId);
    const waits = [() => storeMs(this.#now), () => providerMs() / 2, () => providerMs() / 2, () => storeMs(this.#now)];
    const step = (index: number): void => {
      this.#work(stepMs);
      if (index === 1) admission.over();
      if (index === STEPS - 1) return this.#end(arrival, false);
      this.#after(waits[index]!(), () => step(index + 1));
    };
    step(0);
  }
}
