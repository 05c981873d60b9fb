// Gives memory back that large bodies took. V8 collects when a program allocates, not when it rests: after a burst of large requests, a quiet
// gateway would keep a gigabyte of them for hours (measured). Where it is busy, V8 has collected long before, and nothing is done here.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Smaller ones are not worth it. */
const LARGE = 262_144;
/** So much may wait for V8; a collection stops everything for some 50 ms. */
const WORTH_IT = 33_554_432;
const EVERY_MS = 5_000;

export class MemoryReturn {
  #waiting: WeakRef<ArrayBufferLike>[] = [];
  #looking = false;
  #collect: (() => void) | undefined;

  /** Told of each body that nobody needs any more. */
  done({ buffer }: Buffer): void {
    if (buffer.byteLength < LARGE) return;
    this.#waiting.push(new WeakRef(buffer));
    this.#lookLater();
  }

  #lookLater(): void {
    if (!this.#looking) setTimeout(() => this.#look(), EVERY_MS).unref();
    this.#looking = true;
  }

  #look(): void {
    this.#looking = false;
    const kept = this.#waiting.splice(0).filter((body) => body.deref() !== undefined);
    const bytes = kept.reduce((sum, body) => sum + (body.deref()?.byteLength ?? 0), 0);
    if (bytes >= WORTH_IT) {
      // In the next turn: what a weak reference has shown lives until the end of this one. And once more, for what the first one only let go of.
      this.#collect ??= collector();
      setImmediate(this.#collect);
      setTimeout(this.#collect, EVERY_MS).unref();
      return;
    }
    if (kept.length === 0) return;
    this.#waiting = kept;
    this.#lookLater();
  }
}

/** V8's own `gc`, which Node shows only when it is asked to. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: { type: 'major'; execution: 'sync' }) => void;
  setFlagsFromString('--no-expose-gc');
  return () => gc({ type: 'major', execution: 'sync' });
}
