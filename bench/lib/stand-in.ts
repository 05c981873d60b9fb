// The event store of the tests, which behaves as a real server was seen to, in a process of its own: it can be taken away.
import { TYPESCRIPT } from '../../test/support/typescript-process.ts';
import { Child } from './child-process.ts';

export class StandIn {
  readonly #child: Child;

  private constructor(child: Child) {
    this.#child = child;
  }

  static async start(): Promise<StandIn> {
    return new StandIn((await Child.start('event-store.ts', [], TYPESCRIPT)).unref());
  }

  get url(): string {
    return `${this.#child.origin.replace('http:', 'esdb:')}?tls=false`;
  }

  /** As after `kill -9`: what was stored stays. */
  goDown(): Promise<void> {
    return this.#child.ask('goDown');
  }

  comeBack(): Promise<void> {
    return this.#child.ask('comeBack');
  }
}
