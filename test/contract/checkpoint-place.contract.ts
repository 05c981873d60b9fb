// What every place for checkpoints must do. An adapter's spec opens it, and says what it holds and how it is lost.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointPlace } from '../../src/seals/index.js';

export interface OpenedPlace {
  readonly place: CheckpointPlace;
  /** What it holds, by size. */
  readonly kept: () => Promise<ReadonlyMap<number, string>>;
  /** From now on nothing can be done there. */
  readonly lose: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A note as sealers write them: lines, an em dash, a newline at the end. */
const note = (size: number): string =>
  `token-hub/0123456789abcdef\n${size}\nAAAA=\n\n— token-hub/0123456789abcdef AbC+/=\n`;
const SIZES = [7, 1, 10, 123_456_789, 8];

function opened(open: () => Promise<OpenedPlace>) {
  let current: OpenedPlace;
  beforeEach(async () => {
    current = await open();
  });
  afterEach(() => current.close());
  return () => current;
}

/** Of every place, also of one that can only be written to. */
export function checkpointPlaceContract(adapter: string, open: () => Promise<OpenedPlace>): void {
  describe(`CheckpointPlace: ${adapter}`, () => {
    const current = opened(open);

    it('keeps checkpoints to the letter, in any order', async () => {
      const { place, kept } = current();
      for (const size of SIZES) await place.write(size, note(size));
      const all = SIZES.toSorted((a, b) => a - b).map((size) => [size, note(size)]);
      expect([...(await kept())].toSorted(([a], [b]) => a - b)).toEqual(all);
    });

    it('takes the same again, also twice at once, and has it once', async () => {
      const { place, kept } = current();
      await place.write(3, note(3));
      await Promise.all([place.write(3, note(3)), place.write(3, note(3))]);
      expect([...(await kept())]).toEqual([[3, note(3)]]);
    });

    it('says why when it can’t be written to, without a password', async () => {
      const { place, lose } = current();
      await lose();
      const error = (await place.write(1, note(1)).catch((reason: unknown) => reason)) as Error;
      expect(error).toBeInstanceOf(Error);
      expect(error.message).not.toBe('fetch failed');
      expect(`${place.name} ${error.message}`).not.toMatch(/secret/i);
    });
  });
}

/** Of a place that can be read, too. */
export function readablePlaceContract(adapter: string, open: () => Promise<OpenedPlace>): void {
  checkpointPlaceContract(adapter, open);

  describe(`CheckpointPlace, read: ${adapter}`, () => {
    const current = opened(open);

    it('has none in the beginning', async () => expect(await current().place.sizes()).toEqual([]));

    it('gives back what it has, and lists the sizes in order', async () => {
      const { place } = current();
      for (const size of SIZES) await place.write(size, note(size));
      expect(await place.sizes()).toEqual([1, 7, 8, 10, 123_456_789]);
      expect(await place.read(10)).toBe(note(10));
      await expect(place.read(9)).rejects.toThrow(Error);
    });

    it('does not let another checkpoint take the place of one of the same size', async () => {
      const { place } = current();
      await place.write(5, note(5));
      await expect(place.write(5, note(6))).rejects.toThrow('has another checkpoint of 5 events');
      expect(await place.read(5)).toBe(note(5));
    });

    it('keeps the first of different ones of the same size that are written at once, and refuses the others', async () => {
      const { place } = current();
      const writing = [5, 6, 7, 8].map((text) => place.write(5, note(text)).then(() => note(text)));
      const written = await Promise.allSettled(writing);
      const kept = written.filter((each) => each.status === 'fulfilled').map(({ value }) => value);
      expect(kept).toEqual([await place.read(5)]);
      const refused = written.filter((each) => each.status === 'rejected').map(({ reason }) => String(reason));
      expect(refused).toEqual(Array(3).fill(expect.stringContaining('has another checkpoint of 5 events')));
    });

    it('does not pass for empty when it can’t be reached', async () => {
      const { place, lose } = current();
      await place.write(1, note(1));
      await lose();
      await expect(place.sizes()).rejects.toThrow(Error);
      await expect(place.read(1)).rejects.toThrow(Error);
    });
  });
}
