// The servers of the tests, in processes of their own. The event store behaves as a real one was seen to, and can be taken away.
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

/** The MongoDB-compatible server of the tests; its URL. */
export async function startReadModelStandIn(): Promise<string> {
  const child = await Child.start('read-model-store.ts', [], TYPESCRIPT);
  const url = await child.ask<string>('url');
  child.unref();
  return url;
}
