import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { account, DAY, grant, NOON, placeHold } from '../../../test/support/ledger/commands.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { Clock } from '../../kernel/index.js';
import { Accounts } from '../../ledger/index.js';
import { ClockWatch } from './clock-watch.js';
import { Metrics } from '../../platform/metrics.js';

class Noon extends Clock {
  override now(): number {
    return NOON;
  }
}

it('reports now and then that an account is ahead of this gateway, by how much, and what to do', async () => {
  const lines: string[] = [];
  const log = new Writable({ write: (line, _encoding, done) => (lines.push(String(line)), done()) });
  const accounts = new Accounts(new MemoryEventStore(), new MemoryReadModelStore());
  const metrics = new Metrics();
  const watch = new ClockWatch(accounts, new Noon(), metrics, pino(log));
  watch.onApplicationBootstrap();
  const aheadSeconds = async () =>
    Number(/^tokenhub_ledger_ahead_seconds (\S+)/m.exec(await metrics.registry.metrics())?.[1]);

  for (const command of account()) await accounts.execute('acc', command);
  await accounts.execute('acc', placeHold('before', '1', { turn: 0 }));
  expect([watch.fault, await aheadSeconds(), lines]).toEqual([undefined, 0, []]);

  await accounts.execute('acc', grant('l', '1', { at: NOON + 2 * DAY }));
  for (const call of ['a', 'b']) await accounts.execute('acc', placeHold(call, '1', { turn: 1 }));
  expect(watch.fault).toContain('172800 seconds ahead');
  expect(await aheadSeconds()).toBe(172_800);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ accountId: 'acc', aheadSeconds: 172_800 });
  await expect(watch.check()).resolves.toBeUndefined();
});
