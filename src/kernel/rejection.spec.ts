import { describe, expect, it } from 'vitest';
import { accepted, Refused, refuse, Rejection } from './rejection.js';

describe('a rejection', () => {
  const rejection = refuse('payment_required', 'insufficient_balance', 'Not enough.', { available: '0.00' });

  it('carries a code, a sentence and the figures', () => {
    expect(rejection).toBeInstanceOf(Rejection);
    expect(rejection).toMatchObject({
      code: 'insufficient_balance',
      message: 'Not enough.',
      details: { available: '0.00' },
    });
  });

  it('has no figures unless given', () => expect(refuse('invalid', 'code', 'Sentence.').details).toEqual({}));

  it('is thrown where only throwing helps, with its sentence', () => {
    expect(() => accepted(rejection)).toThrow(Refused);
    expect(() => accepted(rejection)).toThrow('Not enough.');
    expect(new Refused(rejection).rejection).toBe(rejection);
  });

  it('does not stand in the way of what was accepted', () => expect(accepted([1])).toEqual([1]));
});
