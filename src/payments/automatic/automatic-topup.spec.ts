import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, type Amount, Rejection, sum, usd, ZERO } from '../../kernel/index.js';
import { type AutomaticTopupEvent, automaticTopupEventSchemas } from './automatic-topup.events.js';
import {
  automaticTopup,
  type AutomaticTopupCommand,
  type AutomaticTopupSettings,
  type AutomaticTopupState,
} from './automatic-topup.js';

const NOON = Date.parse('2026-03-04T12:00:00.000Z');
const DAY = 86_400_000;
const CARD = { customerId: 'cus_1', paymentMethodId: 'pm_1' };
const SETTINGS: AutomaticTopupSettings = {
  threshold: usd('2'),
  credit: usd('10'),
  monthlyCeiling: usd('25'),
  currency: 'usd',
};
const ALL = -1;
const BOUNDS = { least: usd('5'), most: usd('1000') };

type Wanted<T> = T extends unknown ? Omit<T, 'commandId' | 'at'> & { readonly at?: number } : never;

const issued = (command: Wanted<AutomaticTopupCommand>): AutomaticTopupCommand => ({
  commandId: 'c',
  at: NOON,
  ...command,
});
const card = issued({ type: 'SaveCard', ...CARD });
const on = (settings: Partial<AutomaticTopupSettings> = {}) =>
  issued({ type: 'SetAutomaticTopup', settings: { ...SETTINGS, ...settings }, bounds: BOUNDS });
/** The balance was read when so many payments had ended; all that have, without a number. */
const low = (topupId: string, available = '1.99', at = NOON, ended = ALL) =>
  issued({ type: 'OrderAutomaticTopup', topupId, available: usd(available), ended, at });
const ends = (topupId: string, outcome: 'paid' | 'failed', at = NOON) =>
  issued({ type: 'EndAutomaticTopup', topupId, outcome, at });

function run(state: AutomaticTopupState, command: AutomaticTopupCommand) {
  const sinceAll = command.type === 'OrderAutomaticTopup' && command.ended === ALL && { ended: state.ended };
  const outcome = automaticTopup.decide({ ...command, ...sinceAll }, state);
  if (outcome instanceof Rejection) return { state, outcome };
  for (const { type, data } of outcome) automaticTopupEventSchemas[type].parse(data);
  return { state: outcome.reduce((folded, event) => automaticTopup.evolve(folded, event), state), outcome };
}

function given(...past: readonly AutomaticTopupCommand[]) {
  let state = automaticTopup.initial();
  for (const command of past) {
    const next = run(state, command);
    if (next.outcome instanceof Rejection) throw new Error(`given: ${command.type}: ${next.outcome.message}`);
    state = next.state;
  }
  return {
    when(command: AutomaticTopupCommand) {
      const { outcome } = run(state, command);
      return {
        emits: (...types: readonly AutomaticTopupEvent['type'][]) =>
          expect(outcome instanceof Rejection ? outcome.code : outcome.map(({ type }) => type)).toEqual(types),
        refuses: (code: string) => expect(outcome).toMatchObject({ code }),
      };
    },
  };
}

describe('automatic top-ups', () => {
  it('order one when less than the threshold is available', () =>
    given(card, on()).when(low('t1')).emits('AutomaticTopupOrdered'));
  it('order none at the threshold', () => given(card, on()).when(low('t1', '2.00')).emits());
  it('order none while one is under way', () => given(card, on(), low('t1')).when(low('t2')).emits());
  it('order the next when the last is paid', () =>
    given(card, on(), low('t1'), ends('t1', 'paid')).when(low('t2')).emits('AutomaticTopupOrdered'));
  it('order none by a balance that was read before the last was paid, or found to be', () => {
    const before = low('t2', '1.99', NOON, 0);
    given(card, on(), low('t1'), ends('t1', 'paid')).when(before).emits();
    const found = [low('t1'), ends('t1', 'failed'), on(), ends('t1', 'paid')];
    given(card, on(), ...found)
      .when(low('t2', '1.99', NOON, 1))
      .emits();
  });
  it('are off until their owner switches them on', () => given(card).when(low('t1')).emits());
  it('say once a month that the ceiling is reached', () => {
    const full = [card, on(), low('t1'), ends('t1', 'paid'), low('t2'), ends('t2', 'paid')];
    given(...full)
      .when(low('t3'))
      .emits('AutomaticTopupCeilingReached');
    given(...full, low('t3'))
      .when(low('t4'))
      .emits();
    given(...full, low('t3'))
      .when(low('t4', '0', NOON + 30 * DAY))
      .emits('AutomaticTopupOrdered');
  });
  it('stop when the card is declined, and what failed does not count for the month', () => {
    const declined = [card, on({ monthlyCeiling: usd('10') }), low('t1')];
    given(...declined)
      .when(ends('t1', 'failed'))
      .emits('AutomaticTopupEnded', 'AutomaticTopupStopped');
    given(...declined, ends('t1', 'failed'))
      .when(low('t2'))
      .emits();
    given(...declined, ends('t1', 'failed'), on({ monthlyCeiling: usd('10') }))
      .when(low('t2'))
      .emits('AutomaticTopupOrdered');
  });
  it('count what was paid after all, once, and then as much of the month', () => {
    const late = [card, on(), low('t1'), ends('t1', 'failed'), on()];
    given(...late)
      .when(ends('t1', 'paid'))
      .emits('AutomaticTopupFoundPaid');
    given(...late, ends('t1', 'paid'))
      .when(ends('t1', 'paid'))
      .emits();
    given(...late, ends('t1', 'paid'), low('t2'), ends('t2', 'paid'))
      .when(low('t3'))
      .emits('AutomaticTopupCeilingReached');
    given(...late, low('t2'), ends('t2', 'failed'), ends('t1', 'paid'), ends('t2', 'paid'), on())
      .when(low('t3'))
      .emits('AutomaticTopupCeilingReached');
  });
  it('count what was paid after all in the month of its order', () => {
    const late = [card, on(), low('t1'), ends('t1', 'failed'), on(), low('t2', '0', NOON + 30 * DAY)];
    given(...late)
      .when(ends('t1', 'paid', NOON + 30 * DAY))
      .emits();
  });
  it('end once', () => given(card, on(), low('t1'), ends('t1', 'paid')).when(ends('t1', 'failed')).emits());
  it('know nothing of other top-ups', () => given(card, on()).when(ends('t1', 'paid')).emits());
  it('stop with their card', () =>
    given(card, on())
      .when(issued({ type: 'RemoveCard' }))
      .emits('AutomaticTopupStopped', 'CardRemoved'));
  it('don’t take a removed or replaced card back because of an old report', () => {
    given(card, issued({ type: 'RemoveCard' }))
      .when(card)
      .emits();
    const newer = issued({ type: 'SaveCard', customerId: 'cus_1', paymentMethodId: 'pm_2' });
    given(card, newer).when(card).emits();
  });
  it('stop once', () => {
    const off = issued({ type: 'StopAutomaticTopup', reason: 'switched_off' });
    given(card, on()).when(off).emits('AutomaticTopupStopped');
    given(card, on(), off).when(off).emits();
    given(card, on(), off).when(low('t1')).emits();
  });
  it('change nothing when told the same again', () => {
    given(card).when(card).emits();
    given(card, on()).when(on()).emits();
    given(card, on())
      .when(on({ currency: 'cny' }))
      .emits('AutomaticTopupSet');
  });
  it.each([
    ['no card', [], on(), 'no_saved_card'],
    ['too little', [card], on({ credit: usd('4.99') }), 'invalid_amount'],
    ['too much', [card], on({ credit: usd('1000.01'), monthlyCeiling: usd('5000') }), 'invalid_amount'],
    ['a part of a cent', [card], on({ credit: usd('5.001') }), 'invalid_amount'],
    ['no threshold', [card], on({ threshold: ZERO }), 'invalid_threshold'],
    ['a ceiling that lets none through', [card], on({ monthlyCeiling: usd('9.99') }), 'invalid_ceiling'],
  ] as const)('refuse %s', (_what, past, command, code) =>
    given(...past)
      .when(command)
      .refuses(code),
  );
});

describe('over any history', () => {
  const command = fc.oneof(
    fc.constant(card),
    fc.constant(issued({ type: 'RemoveCard' })),
    fc.constant(issued({ type: 'StopAutomaticTopup', reason: 'switched_off' })),
    fc
      .record({ credit: fc.integer({ min: 5, max: 30 }), ceiling: fc.integer({ min: 30, max: 60 }) })
      .map(({ credit, ceiling }) => on({ credit: usd(`${credit}`), monthlyCeiling: usd(`${ceiling}`) })),
    fc.nat(5).map((n) => low(`t${n}`)),
    fc
      .record({ n: fc.nat(5), outcome: fc.constantFrom('paid' as const, 'failed' as const) })
      .map(({ n, outcome }) => ends(`t${n}`, outcome)),
  );
  const steps = fc.array(fc.record({ command, afterMs: fc.nat(10 * DAY) }), { maxLength: 60 });

  it('nothing is ordered beyond the ceiling of its month, whatever is found to be paid in it, and no two are under way', () =>
    fc.assert(
      fc.property(steps, (history) => {
        let state = automaticTopup.initial();
        let now = NOON;
        const bought = new Map<string, Amount>();
        const failed = new Map<string, { readonly month: string; readonly credit: Amount }>();
        for (const { command: next, afterMs } of history) {
          now += afterMs;
          const ceiling = state.settings?.monthlyCeiling ?? ZERO;
          const { underWay } = state;
          const result = run(state, { ...next, at: now });
          state = result.state;
          if (result.outcome instanceof Rejection) continue;
          for (const { type, data } of result.outcome) {
            if (type === 'AutomaticTopupEnded' && data.outcome === 'failed' && underWay !== undefined) {
              const month = underWay.at.slice(0, 7);
              bought.set(month, sum([bought.get(month) ?? ZERO, -usd(underWay.credit) as Amount]));
              failed.set(underWay.topupId, { month, credit: usd(underWay.credit) });
            }
            if (type === 'AutomaticTopupFoundPaid') {
              const { month = '', credit = ZERO } = failed.get(data.topupId) ?? {};
              failed.delete(data.topupId);
              bought.set(month, add(bought.get(month) ?? ZERO, credit));
            }
            if (type !== 'AutomaticTopupOrdered') continue;
            expect(underWay).toBeUndefined();
            const month = data.at.slice(0, 7);
            bought.set(month, add(bought.get(month) ?? ZERO, usd(data.credit)));
            expect(bought.get(month)).toBeLessThanOrEqual(ceiling);
          }
        }
      }),
    ));
});
