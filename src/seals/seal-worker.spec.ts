import { pino } from 'pino';
import { expect, it } from 'vitest';
import { happen, newKey, sealing } from '../../test/support/seals/sealing.js';
import { until } from '../../test/support/gateway/until.js';
import { SystemClock } from '../kernel/index.js';
import { loadConfig } from '../platform/config.js';
import { Metrics, PeriodicWorkers } from '../platform/index.js';
import { SealWorker } from './seal-worker.js';

/** A gateway's sealer, whose turns come every second, and what it logs. */
function gateway(ledger: Pick<ReturnType<typeof sealing>, 'seals' | 'sealer' | 'readModels'>) {
  const logged: { readonly level: number; readonly msg: string }[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line)) });
  const config = loadConfig({ SEAL_EVERY_SECONDS: '1' });
  const metrics = new Metrics();
  const worker = new SealWorker(
    ledger.sealer,
    ledger.seals,
    new PeriodicWorkers(logger),
    new SystemClock(),
    metrics,
    ledger.readModels,
    logger,
    config,
  );
  worker.onApplicationBootstrap();
  const sealed = async (): Promise<string | undefined> =>
    /^tokenhub_sealed_events (\d+)$/m.exec(await metrics.registry.metrics())?.[1];
  return { worker, logged, metrics, sealed };
}

it('seals at the start, tells a place that is down, and that all is well again', async () => {
  const ledger = sealing();
  await happen(ledger.store);
  ledger.place.isDown = true;
  const { worker, logged, sealed } = gateway(ledger);
  const fault = await until('a fault', () => worker.fault);
  expect(fault).toBe('checkpoints can’t be written to memory: it is down');
  expect(logged.at(-1)?.msg).toContain(`${fault} (docs/audit.md`);
  expect(await sealed()).toBe('1');
  ledger.place.isDown = false;
  await until('the end of the fault', () => worker.fault === undefined);
  expect(logged.at(-1)?.msg).toBe('the ledger is sealed again');
  expect([...ledger.place.kept.keys()]).toEqual([1]);
  await worker.onApplicationShutdown();
});

it('seals a last time when the gateway shuts down', async () => {
  const ledger = sealing();
  await happen(ledger.store);
  const { worker, sealed } = gateway(ledger);
  await until('the first seal', async () => (await sealed()) === '1');
  await happen(ledger.store);
  await worker.onApplicationShutdown();
  expect(await ledger.seals.newest()).toMatchObject({ size: 3 });
});

it('leaves it to one of several gateways, and the next one goes on at once when that ends', async () => {
  const ledger = sealing();
  await happen(ledger.store);
  const first = gateway(ledger);
  await until('the first seal', async () => (await first.sealed()) === '1');
  const second = gateway({ ...ledger, ...ledger.again() });
  await until('the second to see it', async () => (await second.sealed()) === '1');
  await first.worker.onApplicationShutdown();
  await happen(ledger.store);
  await until('the second to seal', async () => (await second.sealed()) === '3');
  expect([second.worker.fault, await ledger.seals.newest()]).toMatchObject([undefined, { size: 3 }]);
  await second.worker.onApplicationShutdown();
});

it('says so where it does not have the key that another gateway seals with', async () => {
  const ledger = sealing();
  await happen(ledger.store);
  const first = gateway(ledger);
  await until('the first seal', async () => (await first.sealed()) === '1');
  const second = gateway({ ...ledger, ...ledger.again([newKey()]) });
  expect(await until('a fault', () => second.worker.fault)).toContain('is not signed by a key of LEDGER_KEY_FILE');
  await second.worker.onApplicationShutdown();
  await first.worker.onApplicationShutdown();
});

it('signs nothing more once the log was altered, and says what differs', async () => {
  const ledger = sealing();
  await happen(ledger.store);
  await ledger.sealer.seal();
  const { store } = sealing();
  const { worker, logged } = gateway({ ...ledger, ...ledger.again(ledger.keys, store) });
  const fault = await until('a fault', () => worker.fault);
  expect(fault).toBe('nothing is signed: the log has 0 events; a checkpoint seals 1: its end was cut off');
  expect(logged.some(({ msg }) => msg.startsWith(fault))).toBe(true);
  await worker.onApplicationShutdown();
});

it('says at the start that a ledger without a key is not sealed', async () => {
  const { worker, logged } = gateway(sealing([]));
  expect(logged[0]?.msg).toMatch(/^the ledger is not sealed: LEDGER_KEY_FILE names no key/);
  await worker.onApplicationShutdown();
});
