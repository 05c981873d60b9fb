import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../kernel/index.js';
import { standardOutput } from '../platform/index.js';
import { Catalogue, type Model, PriceBook, priceGaps, unitPrices } from '../pricing/index.js';
import { Channels, ModelDirectory, SANDBOX_HEADER } from '../proxy/index.js';
import { Demo } from './demo.js';
import { welcomeText } from './welcome-text.js';

/** The model that README and docs call; today only the sandbox still serves it. */
const DOCUMENTED_EXAMPLE = 'claude-3-5-sonnet-20241022';
/** How many models a log line names. */
const NAMED = 12;

/** Shows at the terminal which models can be called and how, and logs those without a price. */
@Injectable()
export class Welcome {
  readonly #log = new Logger('prices');

  constructor(
    private readonly demo: Demo,
    private readonly catalogue: Catalogue,
    private readonly priceBook: PriceBook,
    private readonly channels: Channels,
    private readonly directory: ModelDirectory,
    private readonly clock: Clock,
  ) {}

  /** Prints how to make the first call. The key is shown only this once. */
  announce(url: string): void {
    this.#tellGaps();
    const served = this.directory.list();
    const example = this.#exampleOf(served.filter(({ kind }) => kind === 'chat'));
    const sandbox = this.channels.all.every(({ responseHeaders }) => SANDBOX_HEADER in responseHeaders);
    standardOutput().flush(); // what was logged before, stands before it
    console.log(welcomeText({ url, example, others: served.length > 0, sandbox }, this.demo.key));
  }

  /**
   * Models that channels serve but the price list lacks can't be called: the operator should learn that here, not from
   * a customer.
   */
  #tellGaps(): void {
    const now = this.clock.now();
    const gaps = priceGaps(this.catalogue, this.priceBook.inForce(now)?.document, now);
    const unpriced = gaps.unpriced.filter(({ id }) => this.channels.serves(id, now));
    if (unpriced.length > 0)
      this.#log.warn(
        `no price, so they can’t be called: ${named(unpriced)}. "tokenhub prices publish --missing" adds them at their makers’ list prices; with a file you set your own`,
      );
    if (gaps.outdated.length > 0)
      this.#log.warn(
        `their makers have changed these prices since: ${named(gaps.outdated)}. "tokenhub prices publish" publishes the catalogue as it is now; with a file you set your own`,
      );
  }

  /** The documented model, or else the cheapest by output price that its maker is not withdrawing. */
  #exampleOf(models: readonly Model[]): Model | undefined {
    const now = this.clock.now();
    const prices = this.priceBook.inForce(now);
    const rank = ({ id, lifecycle }: Model): readonly [isGoing: boolean, output: bigint] => {
      const [shortest] = prices === undefined ? [] : unitPrices(prices, id, now);
      return [lifecycle.status !== 'live', shortest?.price.output ?? 0n];
    };
    const cheapest = models.reduce<Model | undefined>((best, model) => {
      if (best === undefined) return model;
      const [[bestGoes, bestOutput], [goes, output]] = [rank(best), rank(model)];
      return goes === bestGoes ? (output < bestOutput ? model : best) : goes ? best : model;
    }, undefined);
    return models.find(({ id }) => id === DOCUMENTED_EXAMPLE) ?? cheapest;
  }
}

function named(models: readonly Model[]): string {
  const first = models.slice(0, NAMED).map(({ id }) => id);
  const more = models.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}
