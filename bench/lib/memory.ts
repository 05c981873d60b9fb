// What the gateway holds of memory while it is measured.
import { type Figure, figureOf, mebibytes, median, withSpread } from './figures.ts';
import type { Stage } from './stage.ts';

const SAMPLE_MS = 1_000;

/** In bytes. */
export interface Memory {
  readonly before: number;
  /** A sample each second. */
  readonly during: Figure;
  readonly after: number;
}

/** Takes samples until it is asked for them. */
export class MemoryWatch {
  readonly #samples: number[] = [];
  readonly #timer: NodeJS.Timeout;
  readonly #stage: Stage;
  readonly #before: number;

  private constructor(stage: Stage, before: number) {
    this.#stage = stage;
    this.#before = before;
    this.#timer = setInterval(() => void this.#sample(), SAMPLE_MS);
  }

  static async start(stage: Stage): Promise<MemoryWatch> {
    return new MemoryWatch(stage, (await stage.gatewayResources()).rssBytes);
  }

  async #sample(): Promise<number> {
    const { rssBytes } = await this.#stage.gatewayResources();
    this.#samples.push(rssBytes);
    return rssBytes;
  }

  async end(): Promise<Memory> {
    clearInterval(this.#timer);
    const after = await this.#sample();
    return { before: this.#before, during: figureOf(this.#samples), after };
  }
}

export const memoryLine = ({ before, during, after }: Memory): string =>
  `Memory of the gateway: ${mebibytes(before)} before, ${withSpread(during, mebibytes)} during, ${mebibytes(after)} after`;

/** Memory by step is flat when the last quarter holds no more than the second one and this; the first one warms up. */
const MOST_GROWTH = 1.05;

export function growth(steps: readonly number[]): number {
  const quarter = steps.length / 4;
  return median(steps.slice(-Math.ceil(quarter))) / median(steps.slice(Math.floor(quarter), Math.ceil(2 * quarter)));
}

export const isFlat = (steps: readonly number[]): boolean => growth(steps) <= MOST_GROWTH;
