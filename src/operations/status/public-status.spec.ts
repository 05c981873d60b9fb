import { describe, expect, it } from 'vitest';
import { channel } from '../../../test/support/proxy/opening.js';
import { Clock, toInstant } from '../../kernel/index.js';
import { Lifecycle, type PeriodicWorkers } from '../../platform/index.js';
import { Channels, Circuits, ProviderCalls } from '../../proxy/index.js';
import type { Findings, Health } from '../health/health.js';
import type { ProjectionStatus } from '../workers/projection-runner.js';
import { ProvidersController } from './providers.controller.js';
import { PublicStatus } from './public-status.js';

const NOON = 1_000_000_000;
const MINUTE = 60_000;
const WELL: Findings = { ledger: undefined, readModels: undefined, projections: [] };
const behind = (lagSeconds: number) => [{ state: 'building', lagSeconds } as ProjectionStatus];

function gateway() {
  const at = { now: NOON, findings: WELL, looks: 0 };
  const clock = new (class extends Clock {
    override now = () => at.now;
  })();
  const health = { check: async () => ((at.looks += 1), at.findings) } as unknown as Health;
  const channels = new Channels([
    { ...channel('secret-name'), makers: ['openai'] },
    { ...channel('other'), makers: ['google'], order: 1 },
  ]);
  const calls = new ProviderCalls(clock);
  const lifecycle = new Lifecycle();
  const circuits = new Circuits(clock);
  const status = new PublicStatus(health, channels, calls, lifecycle, clock, {} as PeriodicWorkers);
  const providers = new ProvidersController(channels, circuits, calls, clock);
  return { at, calls, channels, circuits, lifecycle, status, providers };
}
const failure = { milliseconds: 30, failed: true, status: 503 };
const success = { milliseconds: 70, failed: false, status: 200 };

describe('the status that anyone may see', () => {
  it('tells of each maker the calls of the last minutes, and names no channel', async () => {
    const { calls, status } = gateway();
    for (let call = 0; call < 30; call++) calls.call('openai', call === 3 ? failure : success);
    const shown = await status.now();
    expect(shown).toMatchObject({ status: 'operational', started_at: toInstant(NOON), lag_seconds: 0, sandbox: false });
    const since = toInstant(NOON);
    expect(shown.providers).toEqual([
      {
        provider: 'openai',
        status: 'operational',
        since,
        calls: 30,
        failed: 1,
        failed_percent: '3.3',
        latency_ms_p50: 70,
        latency_ms_p95: 70,
      },
      {
        provider: 'google',
        status: 'idle',
        since,
        calls: 0,
        failed: 0,
        failed_percent: null,
        latency_ms_p50: null,
        latency_ms_p95: null,
      },
    ]);
    expect(JSON.stringify(shown)).not.toContain('secret-name');
  });

  it('is degraded while a provider fails, and tells since when', async () => {
    const { at, calls, status } = gateway();
    await status.now();
    at.now += MINUTE;
    for (let call = 0; call < 5; call++) calls.call('openai', failure);
    expect(await status.now()).toMatchObject({
      status: 'degraded',
      providers: [
        { status: 'down', since: toInstant(NOON + MINUTE) },
        { status: 'idle', since: toInstant(NOON) },
      ],
    });
    at.now += 16 * MINUTE;
    expect((await status.now()).providers[0]).toMatchObject({ status: 'idle', since: toInstant(NOON + 17 * MINUTE) });
  });

  it.each([
    [
      'the ledger is down',
      { ...WELL, ledger: 'gone' },
      'down',
      { calls: 'down', ledger: 'down', read_models: 'operational' },
    ],
    [
      'read models are down',
      { ...WELL, readModels: 'gone' },
      'down',
      { calls: 'operational', ledger: 'operational', read_models: 'down' },
    ],
    [
      'a read model is far behind',
      { ...WELL, projections: behind(11) },
      'degraded',
      { calls: 'operational', ledger: 'operational', read_models: 'degraded' },
    ],
  ])('says so when %s', async (_case, findings, status, expected) => {
    const { at, status: public_ } = gateway();
    at.findings = findings;
    const shown = await public_.now();
    expect(Object.fromEntries(shown.components.map((each) => [each.name, each.status]))).toEqual(expected);
    expect(shown.status).toBe(status);
  });

  it('is looked at once for many readers', async () => {
    const { at, status } = gateway();
    await Promise.all([status.now(), status.now()]);
    at.now += 2_000;
    await status.now();
    expect(at.looks).toBe(1);
    at.now += 1_000;
    await status.now();
    expect(at.looks).toBe(2);
  });
});

describe('the channels that operators see', () => {
  it('have their attempts, their circuits and the last error', async () => {
    const { calls, channels, circuits, providers } = gateway();
    calls.attempt('secret-name', failure, 'it answered 503');
    const [ours] = channels.all;
    const route = { channel: ours as (typeof channels.all)[number], upstreamModel: 'gpt-4o' };
    for (let call = 0; call < 5; call++)
      await circuits.ask(route, async () => ({
        failed: 'model' as const,
        rest: { scope: 'model' as const, ms: MINUTE },
      }));
    const [first, second] = providers.list().data;
    expect(first).toMatchObject({
      name: 'secret-name',
      host: 'secret-name',
      status: 'degraded',
      circuit: 'closed',
      calls: 1,
      failed_percent: '100.0',
      last_error: { at: toInstant(NOON), status: 503, reason: 'it answered 503' },
    });
    const circuit = (model: string) => first?.models.find((each) => each.model === model);
    expect(circuit('gpt-4o')).toMatchObject({ circuit: 'open', rests_until: toInstant(NOON + MINUTE) });
    expect(circuit('gpt-4o-mini')).toMatchObject({ circuit: 'closed', rests_until: null });
    expect(second).toMatchObject({ name: 'other', status: 'idle', last_error: null, last_attempt_at: null });
  });
});
