import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account as opened, HOUR, NOON, placeHold, settle } from '../../test/support/ledger/commands.js';
import { derivedId, newId } from '../kernel/index.js';
import { account as decider } from './account.js';
import type { AccountCommand } from './account.commands.js';
import { type AccountState, isSettled } from './account.state.js';
import {
  addSettled,
  copyOfSettled,
  countSettled,
  forgetSettled,
  noneSettled,
  remembers,
  type SettledCharges,
  shortened,
} from './settled-charges.js';

const WINDOW_MS = 300_000;

const throughJson = ({ packs, recent, others }: SettledCharges): SettledCharges =>
  copyOfSettled(JSON.parse(JSON.stringify({ packs, recent: [...recent], others: [...others] })) as SettledCharges);

/** How ids are made: some in order of time, some in any order, some that no gateway of ours makes. */
const makers: readonly ((nth: number) => string)[] = [
  newId,
  (nth) => derivedId(`${nth}`),
  (nth) => `charge-${nth}`,
  (nth) => `${nth} ☂"\\`.padEnd(22, '💧'),
];

type Step =
  | { readonly settle: number; readonly maker: number; readonly everyMs: number }
  | { readonly waitMs: number }
  | { readonly turnBackMs: number }
  | { readonly go: 'on a copy' | 'on what was thawed' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      settle: fc.integer({ min: 1, max: 2_500 }),
      maker: fc.nat(makers.length - 1),
      everyMs: fc.constantFrom(0, 1, 40),
    }),
    // Often so long that a part of those that were packed together is forgotten.
    fc.record({
      waitMs: fc.oneof(fc.integer({ min: 1, max: WINDOW_MS }), fc.integer({ min: WINDOW_MS - 50_000, max: WINDOW_MS })),
    }),
    fc.record({
      turnBackMs: fc.oneof(fc.integer({ min: 1, max: 50_000 }), fc.integer({ min: 1, max: 2 * WINDOW_MS })),
    }),
    fc.record({ go: fc.constantFrom('on a copy', 'on what was thawed') }),
  ),
  { minLength: 1, maxLength: 10 },
);

/** Settled charges beside a plain map of them. */
class Account {
  readonly known: string[] = [];
  readonly model = new Map<string, number>();
  charges = noneSettled();
  clock = 1_800_000_000_000;
  #left: { readonly charges: SettledCharges; readonly before: SettledCharges } | undefined;

  play(step: Step): void {
    if ('settle' in step) for (let nth = 0; nth < step.settle; nth++) this.#settle(step.maker, step.everyMs);
    else if ('waitMs' in step) this.#passes(step.waitMs);
    else if ('turnBackMs' in step) this.#turnsBack(this.clock - step.turnBackMs);
    else this.#goesOn(step.go === 'on a copy' ? copyOfSettled(this.charges) : throughJson(this.charges));
    for (const [id, until] of this.model) if (until <= this.clock) this.model.delete(id);
  }

  differences(): string[] {
    return [...this.known, newId(), derivedId('none'), 'none', ''].filter(
      (id) => remembers(this.charges, id, this.clock) !== this.model.has(id),
    );
  }

  /** Whether nothing that came later changed what a copy was made of. */
  get leftAsItWas(): boolean {
    return this.#left === undefined || isDeepStrictEqual(this.#left.charges, this.#left.before);
  }

  #settle(maker: number, everyMs: number): void {
    const id = makers[maker]?.(this.known.length) ?? '';
    this.known.push(id);
    this.model.set(id, this.clock + WINDOW_MS);
    addSettled(this.charges, id, this.clock + WINDOW_MS);
    this.#passes(everyMs);
  }

  #passes(milliseconds: number): void {
    this.clock += milliseconds;
    forgetSettled(this.charges, this.clock);
  }

  #turnsBack(clock: number): void {
    for (const [id, until] of this.model) this.model.set(id, Math.min(until, clock + WINDOW_MS));
    this.charges = shortened(this.charges, this.clock, clock + WINDOW_MS);
    this.clock = clock;
  }

  #goesOn(charges: SettledCharges): void {
    this.#left = { charges: this.charges, before: structuredClone(this.charges) };
    this.charges = charges;
  }
}

describe('settled charges', () => {
  it('are remembered as a plain map remembers them, in any history', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const account = new Account();
        for (const step of history) {
          account.play(step);
          expect(account.differences()).toEqual([]);
        }
        expect(account.leftAsItWas).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('stay forgotten when the clock is turned back, also one that was packed with others', () => {
    const account = new Account();
    account.play({ settle: 1_024, maker: 0, everyMs: 40 });
    account.play({ waitMs: WINDOW_MS - 20_000 });
    account.play({ turnBackMs: 10_000 });
    expect(account.differences()).toEqual([]);
    expect(account.model.size).toBeGreaterThan(0);
    expect(account.model.size).toBeLessThan(1_024);
  });

  const charged = (count: number, everyMs: number): SettledCharges => {
    const charges = noneSettled();
    for (let nth = 0; nth < count; nth++) {
      addSettled(charges, newId(), nth * everyMs + WINDOW_MS);
      forgetSettled(charges, nth * everyMs);
    }
    return charges;
  };

  it('are dropped from memory, a thousand at a time', () => {
    expect(countSettled(charged(20_000, 60))).toBeLessThan(5_000 + 1_024);
    expect(countSettled(charged(20_000, 60))).toBeGreaterThanOrEqual(5_000);
  });

  it('take fewer than 23 bytes each in a snapshot', () => {
    const charges = charged(102_400, 0);
    expect(JSON.stringify(charges.packs).length / countSettled(charges)).toBeLessThan(23);
  });

  it('know the one that ends long after the last of a thousand others', () => {
    const happen = (state: AccountState, command: AccountCommand): AccountState => {
      const events = decider.decide(command, state);
      if ('code' in events) throw new Error(events.code);
      return events.reduce((folded, event) => decider.evolve(folded, event), state);
    };
    const [long, ...others] = Array.from({ length: 1_024 }, () => newId());
    const calls = others.flatMap((id) => [placeHold(id, '0'), settle(id, '0')]);
    const state = [...opened('10'), placeHold(long!, '1', { ttlMs: 2 * HOUR }), ...calls].reduce(
      happen,
      decider.initial(),
    );
    expect(others.filter((id) => !isSettled(state, id))).toEqual([]);
    const later = happen(state, settle(long!, '1', { at: NOON + HOUR }));
    expect([long!, ...others].filter((id) => isSettled(later, id))).toEqual([long]);
    expect(decider.decide(settle(long!, '1', { at: NOON + HOUR }), later)).toEqual([]);
  });
});
