import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Usage, UsageFault, usageOf } from '../../pricing/index.js';
import { Delivery } from '../relay/delivery.js';
import { usageOfPart } from './estimate.js';

const BOUND = { promptTokens: 1_002, completionTokens: 100 };
const UNTOLD = new UsageFault('The provider reported no usage.');
const told = (promptTokens: number, completionTokens: number) => usageOf({ promptTokens, completionTokens }) as Usage;

function delivered(...texts: readonly string[]): Delivery {
  const delivery = new Delivery();
  for (const text of texts) delivery.take(text);
  return delivery;
}

function countsOf(counted: Usage | UsageFault, delivery: Delivery) {
  const { usage, estimated } = usageOfPart(counted, delivery, BOUND);
  const { promptTokens, completionTokens } = usage as Usage;
  return [promptTokens, completionTokens, estimated];
}

describe('the usage of a part', () => {
  it('of which nothing was counted is a quarter of the prompt’s bound, and a token for each piece or four bytes', () => {
    expect(countsOf(UNTOLD, delivered('a', 'b', 'c'))).toEqual([251, 3, true]);
    expect(countsOf(UNTOLD, delivered('twelve bytes', 'x'))).toEqual([251, 4, true]);
    expect(countsOf(UNTOLD, delivered('漢字'))).toEqual([251, 2, true]);
    expect(countsOf(UNTOLD, delivered())).toEqual([251, 0, true]);
  });

  it('goes on from what was counted', () => {
    const delivery = delivered('a', 'b');
    delivery.counted();
    expect(countsOf(told(40, 7), delivery)).toEqual([40, 7, false]);
    delivery.take('c');
    expect(countsOf(told(40, 7), delivery)).toEqual([40, 8, true]);
  });

  it('does not believe that an answer came to no tokens', () => {
    const delivery = delivered('a', 'b');
    delivery.counted();
    expect(countsOf(told(0, 0), delivery)).toEqual([251, 2, true]);
  });

  it('has a token for each 50 ms of speech, beside those of its words', () => {
    const delivery = delivered('Hi', ' there');
    delivery.takeAudio(24_000);
    expect(usageOfPart(UNTOLD, delivery, BOUND).usage).toMatchObject({
      completionTokens: 12,
      completionAudioTokens: 10,
    });
    delivery.takeAudio(24_000_000);
    expect(usageOfPart(UNTOLD, delivery, BOUND).usage).toMatchObject({
      completionTokens: 100,
      completionAudioTokens: 100,
    });
  });

  it('is never beyond the bound, nor below what was counted, nor free', () => {
    const texts = fc.array(fc.string({ minLength: 1 }), { maxLength: 200 });
    const property = fc.property(texts, fc.nat({ max: 120 }), (pieces, completion) => {
      const delivery = delivered(...pieces);
      const [prompt, tokens] = countsOf(completion === 0 ? UNTOLD : told(9, completion), delivery) as [number, number];
      expect(prompt).toBe(completion === 0 ? 251 : 9);
      expect(tokens).toBeLessThanOrEqual(Math.max(completion, BOUND.completionTokens));
      expect(tokens).toBeGreaterThanOrEqual(Math.max(completion, Math.min(pieces.length, BOUND.completionTokens)));
    });
    fc.assert(property);
  });
});
