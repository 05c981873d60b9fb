// Which calls may explain that a provider bills another cost than was booked.
import { describe, expect, it } from 'vitest';
import { CHANNEL, charge, compared, hold, release } from '../../../test/support/reconciliation/provider-calls.js';
import type { RecordedEvent } from '../../event-store/index.js';
import { formatUsd } from '../../kernel/index.js';

describe('a difference is explained by', () => {
  const causes = (...events: readonly RecordedEvent[]) =>
    compared([charge({}), ...events], [['2026-03-01', 'gpt-4o-2024-08-06', '99']])[0]?.explanations.map(
      ({ cause, calls, amount, chargeIds }) => [cause, calls, formatUsd(amount), ...chargeIds],
    );

  it('an open hold', () => expect(causes(hold('h1'))).toEqual([['open_hold', 1, '1.00', 'h1']]));
  it('an answer without usage', () =>
    expect(causes(hold('h1'), release('h1', 'usage_unknown', { provider: CHANNEL }))).toEqual([
      ['usage_unknown', 1, '1.00', 'h1'],
    ]));
  it('a call that ended without an answer', () =>
    expect(causes(hold('h1'), release('h1', 'upstream_timeout'))).toEqual([['unfinished', 1, '1.00', 'h1']]));
  it('an attempt before another channel answered', () =>
    expect(
      causes(
        charge({
          chargeId: 'f1',
          more: {
            provider: 'azure',
            attempts: [
              { channel: CHANNEL, status: 503 },
              { channel: 'azure', status: 200 },
            ],
          },
        }),
      ),
    ).toEqual([['failed_over', 1, '0.50', 'f1']]));
  it('an estimate, a charge by hand, and a call over midnight', () =>
    expect(
      causes(
        charge({ chargeId: 'e1', more: { estimated: 'client_left' } }),
        charge({ chargeId: 'b1', more: { byHand: { actor: 'u', reason: 'r' }, at: '2026-03-09T00:00:00.000Z' } }),
        charge({ chargeId: 'm1', more: { at: '2026-03-02T00:00:01.000Z' } }),
      ),
    ).toEqual([
      ['estimated', 1, '0.50', 'e1'],
      ['near_midnight', 1, '0.50', 'm1'],
      ['by_hand', 1, '0.50', 'b1'],
    ]));
  it('an attempt before another channel answered what was not charged either, and none of another channel', () => {
    const attempts = [{ channel: CHANNEL, status: 503 }];
    const azure = { channel: 'azure', status: 200 };
    expect(
      causes(
        hold('h1'),
        release('h1', 'usage_unknown', { provider: 'azure', attempts: [...attempts, azure] }),
        hold('h2'),
        release('h2', 'usage_unknown', { attempts: [...attempts, azure] }),
        hold('h3'),
        release('h3', 'usage_unknown', { attempts: [azure] }),
      ),
    ).toEqual([['failed_over', 2, '2.00', 'h1', 'h2']]);
  });
  it('a release without its hold, by its own model and day', () =>
    expect(causes(release('h1', 'upstream_timeout'))).toEqual([['unfinished', 1, '0.00', 'h1']]));
  it('calls of every model that is sent by its name, six of which are five and a count', () => {
    const sent = charge({ model: 'house-model', sent: 'gpt-4o' });
    const holds = Array.from({ length: 4 }, (_, nth) => hold(`h${nth}`));
    const others = Array.from({ length: 3 }, (_, nth) => hold(`o${nth}`, { model: 'house-model' }));
    expect(causes(sent, ...holds, ...others)).toEqual([['open_hold', 7, '7.00', 'h0', 'h1', 'h2', 'h3', 'o0']]);
    expect(causes(...Array.from({ length: 6 }, (_, nth) => hold(`h${nth}`)))).toEqual([
      ['open_hold', 6, '6.00', 'h0', 'h1', 'h2', 'h3', 'h4'],
    ]);
  });
  it('no hold that was charged, and no call that was charged late over midnight', () =>
    expect(
      causes(
        hold('c1'),
        charge({ chargeId: 'c1' }),
        charge({ chargeId: 'l1', more: { at: '2026-03-02T01:00:00.000Z', late: true } }),
      ),
    ).toEqual([]));
  it('no call that cost nothing at the provider, or was charged after all', () =>
    expect(
      causes(hold('h1'), release('h1', 'not_forwarded'), hold('h2'), release('h2', 'refused_by_provider')),
    ).toEqual([]));
});
