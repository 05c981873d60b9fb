// What must hold in every history of an account, whatever comes in whatever order.
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatUsd, picoUsd, Rejection, sum } from '../../src/kernel/index.js';
import type { AccountEvent } from '../../src/ledger/account.events.js';
import { account } from '../../src/ledger/account.js';
import { accountSnapshots } from '../../src/ledger/account.snapshot.js';
import { indexOf } from '../../src/ledger/account.index.js';
import {
  type AccountState,
  available,
  copyOfAccount,
  posted,
  purseOf,
  turnAt,
} from '../../src/ledger/account.state.js';
import { addPostings, CHART, imbalances, type Totals } from '../../src/ledger/books.js';
import { lotsOf } from '../../src/ledger/lots.js';
import { postings } from '../../src/ledger/postings.js';
import { anything, histories, type Mischief, type Step } from '../support/ledger/histories.js';
import { pico } from '../support/ledger/model-shapes.js';
import { type Moment, play } from '../support/ledger/play.js';

const RUNS = 250;
const holds = (mischief: Mischief, law: (steps: Step[], cut: number) => void): void => {
  fc.assert(fc.property(histories(mischief), fc.nat(), law), { numRuns: RUNS });
};
const fold = (events: readonly AccountEvent[], from = account.initial()): AccountState =>
  events.reduce((state, event) => account.evolve(state, event), from);
const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Balances by name, for a readable difference. */
const balances = ({ state, command, model }: Moment) => {
  const at = Math.max(command.at, state.clock);
  return {
    ledger: { posted: posted(state), available: available(state, at), held: state.held, debt: state.debt },
    model: { posted: model.posted, available: model.available(at), held: model.held(), debt: model.debt },
  };
};

it('an account does what a simple model of it does', () => {
  holds(anything, (steps) => {
    play(steps, (moment) => {
      const { command, events, expected, fault, state, model } = moment;
      expect([command.type, events.length > 0, fault]).toEqual([command.type, expected, undefined]);
      const { ledger, model: should } = balances(moment);
      expect(ledger).toEqual(should);
      expect(new Map(Array.from(state.lots.byId.values(), (lot) => [lot.id, lot.remaining]))).toEqual(
        new Map(model.lots.map(({ id, left }) => [id, left])),
      );
      for (const key of state.keys.values())
        expect([key.id, purseOf(state, key).held]).toEqual([key.id, model.held(key.id)]);
    });
  });
});

it('every event books postings that sum to zero, and the books say what the account is worth', () => {
  holds(anything, (steps) => {
    const totals: Totals = new Map();
    const balanceOf = (name: string) => totals.get(`${name} USD`)?.amount ?? 0n;
    play(steps, ({ events, state }) => {
      for (const event of events) {
        const entry = postings(event);
        expect(imbalances(entry).size).toBe(0);
        addPostings(totals, entry);
      }
      expect(imbalances(totals.values()).size).toBe(0);
      expect(-balanceOf(CHART.customerCredit) - balanceOf(CHART.customerReceivable)).toBe(posted(state));
    });
  });
});

it('credits are what remains, was charged, expired, paid out or adjusted away, less debt', () => {
  holds(anything, (steps) => {
    play(steps, ({ state, model }) => {
      const remaining = sum(Array.from(state.lots.byId.values(), (lot) => lot.remaining));
      expect(remaining + model.charged + model.expired + model.adjusted + model.paidOut - state.debt).toBe(
        model.credited,
      );
    });
  });
});

it('deciding changes nothing, and a command that is refused or has nothing new to say leaves no trace', () => {
  holds(anything, (steps) => {
    play(steps, ({ command, events, before, state }) => {
      if (events.length > 0) return;
      expect([command.type, isDeepStrictEqual(state, before)]).toEqual([command.type, true]);
    });
    play(steps, ({ command, before }) => {
      const copy = structuredClone(before);
      account.decide(command, before);
      expect(isDeepStrictEqual(before, copy)).toBe(true);
    });
  });
});

it('no hold is placed on what is not there', () => {
  holds(anything, (steps) => {
    play(steps, ({ events, state }) => {
      if (events[0]?.type !== 'HoldPlaced') return;
      expect(available(state, state.clock)).toBeGreaterThanOrEqual(0n);
    });
  });
});

it('a key has no more calls under way than it may have at the time the newest of them begins', () => {
  holds(anything, (steps) => {
    play(steps, ({ events: [event], state, model }) => {
      if (event?.type !== 'HoldPlaced') return;
      const { keyId } = event.data;
      const limit = state.keys.get(keyId)?.settings.parallelRequests ?? Infinity;
      expect(model.underWay(keyId, state.clock)).toBeLessThanOrEqual(limit);
    });
  });
});

it('nobody goes below zero where nothing costs more than its hold, comes late, expires or is adjusted', () => {
  holds({}, (steps) => {
    play(steps, ({ state }) => {
      expect(available(state, state.clock)).toBeGreaterThanOrEqual(0n);
      expect(state.debt).toBe(0n);
    });
  });
});

it('a charge within its hold is always covered, though lots expire', () => {
  holds({ expiry: true }, (steps) => {
    play(steps, ({ events, state }) => {
      for (const event of events) expect(event.data).not.toHaveProperty('uncovered');
      expect(state.debt).toBe(0n);
    });
  });
});

it('a hold is charged or released once; late, once after its release', () => {
  holds(anything, (steps) => {
    const seen = new Map<string, string>();
    const followers: Record<string, readonly string[]> = {
      none: ['HoldPlaced'],
      HoldPlaced: ['HoldReleased', 'TokensCharged'],
      HoldReleased: ['late'],
      TokensCharged: ['ChargeRerated'],
      late: ['ChargeRerated'],
      ChargeRerated: ['ChargeRerated'],
    };
    for (const { type, data } of play(steps).events) {
      if (!('chargeId' in data)) continue;
      const next = 'late' in data && data.late ? 'late' : type;
      expect(followers[seen.get(data.chargeId) ?? 'none']).toContain(next);
      seen.set(data.chargeId, next);
    }
  });
});

it('the slices of a charge and what is uncovered are its cost', () => {
  holds(anything, (steps) => {
    for (const { type, data } of play(steps).events) {
      if (type !== 'TokensCharged') continue;
      const taken = data.slices.reduce((total, slice) => total + pico(slice.amount), pico(data.uncovered ?? '0'));
      expect(taken).toBe(pico(data.cost));
    }
  });
});

it('the state is the same, folded at once or step by step, or thawed from a snapshot of any prefix', () => {
  holds(anything, (steps, cut) => {
    const { events, state } = play(steps);
    const stored = throughJson(events);
    expect(fold(stored)).toEqual(state);
    const at = cut % (stored.length + 1);
    const frozen = throughJson(accountSnapshots.freeze(fold(stored.slice(0, at))));
    const thawed = fold(stored.slice(at), accountSnapshots.thaw(frozen));
    expect(thawed).toEqual(state);
    expect(accountSnapshots.freeze(thawed)).toEqual(accountSnapshots.freeze(state));
  });
});

it('what is indexed is what a look at everything finds', () => {
  holds(anything, (steps) => {
    play(steps, ({ state }) => {
      expect(state.index).toEqual(indexOf(state));
      expect(state.lots).toEqual(lotsOf(state.lots.byId.values()));
    });
  });
});

it('a call is never stopped by an event of a clock that was ahead: whoever sees it goes on by its own', () => {
  holds(anything, (steps) => {
    play(steps, ({ command, refusal, before }) => {
      if (command.type !== 'PlaceHold' || command.turn !== turnAt(before, command.at)) return;
      expect(refusal?.code).not.toBe('stale_command');
    });
  });
});

it('a copy of the state is advanced apart from its original', () => {
  holds(anything, (steps, cut) => {
    const { events, state } = play(steps);
    const at = cut % (events.length + 1);
    const original = fold(events.slice(0, at));
    const before = structuredClone(original);
    expect(fold(events.slice(at), copyOfAccount(original))).toEqual(state);
    expect(original).toEqual(before);
  });
});

it('the balance as of any moment is the fold of the events up to then', () => {
  holds(anything, (steps, cut) => {
    const moments: { at: number; worth: string }[] = [];
    const { events } = play(steps, ({ state, model }) =>
      moments.push({ at: state.lastAt, worth: formatUsd(picoUsd(model.posted)) }),
    );
    const { at = 0 } = moments[cut % moments.length] ?? {};
    const asOf = fold(events.filter(({ data }) => Date.parse(data.at) <= at));
    expect(formatUsd(posted(asOf))).toBe(moments.findLast((moment) => moment.at <= at)?.worth);
  });
});

it('a command that was executed changes nothing when it comes again at once', () => {
  holds(anything, (steps) => {
    play(steps, ({ command, state }) => {
      const again = account.decide(command, state);
      expect([command.type, again instanceof Rejection || again]).toEqual([
        command.type,
        again instanceof Rejection || [],
      ]);
    });
  });
});

// These set something as it is to be, and take no id of what they do: coming again after their opposite, they set it again.
// A proposal to end a refund by hand says how it is to end, and moves no money.
// (An expiry that comes again later is a new one: of what has expired since.)
const settings = new Set([
  'SuspendAccount',
  'ReinstateAccount',
  'UpdateKey',
  'ProposeRefundEnd',
  'DeclineRefundEnd',
  'ExpireCredit',
]);

it('a command about money or a new key changes nothing however late and however often it comes again', () => {
  holds(anything, (steps) => {
    const { executed, state } = play(steps);
    for (const command of executed.filter(({ type }) => !settings.has(type))) {
      const again = account.decide(command, state);
      expect([command.type, again instanceof Rejection || again]).toEqual([
        command.type,
        again instanceof Rejection || [],
      ]);
    }
  });
});
