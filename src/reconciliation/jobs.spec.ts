// The long work that finance starts through /api: it is done once, whatever dies on the way.
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, MadeUpStatement, ReconciliationDesk } from '../../test/support/reconciliation/desk.js';
import { MemoryDocumentStore } from '../adapters/memory/memory-document-store.js';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { type EventStore, eventsOf, WaitFor } from '../event-store/index.js';
import { DAY_MS, type JsonObject, newId, toInstant, usd } from '../kernel/index.js';
import { accountStream } from '../ledger/index.js';
import { PaymentProviderUnavailable } from '../payments/index.js';
import { JobRunner } from '../platform/jobs/job-runner.js';
import { type JobKind, Jobs } from '../platform/jobs/index.js';
import { PeriodicWorkers } from '../platform/index.js';
import { JobFiles } from './job-files.js';
import { BillImportJob } from './providers/bill-import-job.js';
import { ProviderBills } from './providers/provider-bills.js';
import { providerBillStream } from './providers/provider-bill.events.js';
import { comparisonOf, StripeComparisonJob } from './stripe/comparison-job.js';
import type { StripeTransaction } from './stripe/stripe-balance.js';

const CHANNEL = 'openai';
const PERIOD = { from: DAY, to: DAY + DAY_MS };

class Projecting extends WaitFor {
  constructor(private readonly desk: ReconciliationDesk) {
    super(desk.store, desk.readModels);
  }
  override head = (): Promise<void> => this.desk.project();
}

let desk: ReconciliationDesk;
let documents: MemoryDocumentStore;
let files: JobFiles;

beforeEach(() => {
  [desk, documents] = [new ReconciliationDesk(), new MemoryDocumentStore()];
  files = new JobFiles(documents, desk.clock);
});

function gateway() {
  const logger = pino({ level: 'silent' });
  const runner = new JobRunner(documents, desk.clock, new PeriodicWorkers(logger), logger);
  const jobs = new Jobs(documents, runner, desk.clock);
  const done = async (kind: JobKind<never>, id: string, input: JsonObject, key?: string) => {
    const started = await jobs.start(kind, { id, input, by: 'fay', ...(key !== undefined && { key }) });
    await runner.look();
    await runner.idle();
    return (await jobs.get('finance', started.id)).doc;
  };
  return { jobs, done };
}

describe('a comparison with Stripe', () => {
  const foreign: StripeTransaction = {
    balanceTransactionId: 'txn_a',
    createdAt: DAY + 3_600_000,
    category: 'charge',
    currency: 'usd',
    amountMinor: 5_000,
    feeMinor: 175,
  };
  const statement = () => new MadeUpStatement([foreign], () => desk.clock.now());
  const setup = (balance = statement()) => {
    const { jobs, done } = gateway();
    const kind = new StripeComparisonJob(jobs, files, desk.reconciler, balance, new Projecting(desk));
    kind.onModuleInit();
    return { kind, done };
  };
  const CSV = `balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category\ntxn_a,2026-03-02 01:00:00,usd,50.00,1.75,48.25,charge\n`;

  it('counts what it found, and names who asked', async () => {
    const { kind, done } = setup();
    expect(await done(kind, 'job-1', comparisonOf(PERIOD, 'api'))).toMatchObject({
      status: 'succeeded',
      progress: { done: 1, total: 1 },
      result: { from: '2026-03-02', to: '2026-03-03', days: 1, items: { matched: 0, theirs_only: 1 } },
    });
    expect(await desk.statuses()).toEqual({ txn_a: 'theirs_only' });
    const compared = (await desk.store.readAll(0, 100)).find(({ type }) => type === 'StripeDayCompared');
    expect(compared?.data['by']).toBe('fay');
  });

  it('reads reports that were sent, once', async () => {
    const { kind, done } = setup(new MadeUpStatement([], () => desk.clock.now()));
    await files.keep('job-1', [CSV]);
    expect(await done(kind, 'job-1', comparisonOf(PERIOD, 'csv'))).toMatchObject({
      result: { items: { theirs_only: 1 } },
    });
    await expect(files.of('job-1')).rejects.toMatchObject({ rejection: { code: 'files_gone' } });
  });

  it('says why it failed', async () => {
    const away = statement();
    away.anchor = () => Promise.reject(new PaymentProviderUnavailable('no answer'));
    const { kind, done } = setup(away);
    expect(await done(kind, 'job-1', comparisonOf(PERIOD, 'api'))).toMatchObject({
      status: 'failed',
      error: { code: 'payments_unavailable' },
    });
  });

  it('forgets the files of jobs that never began', async () => {
    await files.keep('old', [CSV]);
    desk.clock.at += 8 * DAY_MS;
    await files.keep('new', [CSV]);
    await expect(files.of('old')).rejects.toMatchObject({ rejection: { code: 'files_gone' } });
    expect(await files.of('new')).toEqual([CSV]);
  });
});

describe('the import of a provider’s bill', () => {
  const MODELS = 230; // three appends of lines
  const CSV = `day,model,cost\n${Array.from({ length: MODELS }, (_, n) => `2026-03-02,m${n},0.50`).join('\n')}\n`;
  const at = toInstant(DAY + 3_600_000);
  const charged = (model: string): JsonObject => ({
    chargeId: newId(),
    model,
    upstreamModel: model,
    provider: CHANNEL,
    providerCost: '0.50',
    pricedAt: at,
    at,
    attempts: [],
    usage: { promptTokens: 1, cachedTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0, completionTokens: 1 },
  });
  async function charge(store: EventStore, model: string): Promise<void> {
    const stream = accountStream(newId());
    await store.append(stream, -1, [{ id: randomUUID(), type: 'TokensCharged', data: charged(model), metadata: {} }]);
  }
  const input = (asOf: number) => ({
    channel: CHANNEL,
    format: 'csv' as const,
    name: 'bill.csv',
    tolerance: '0.01',
    columns: [],
    models: [],
    as_of: asOf,
  });
  /** What stands of the bills, by model. */
  async function recorded(store: EventStore): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    for await (const { type, data } of eventsOf(store, providerBillStream(CHANNEL)))
      if (type === 'ProviderCostCompared') found.push({ model: data['model'], status: data['status'] });
    return found;
  }

  it('is a job, and the bill has its id', async () => {
    await charge(desk.store, 'm1');
    const { jobs, done } = gateway();
    const kind = new BillImportJob(jobs, files, new ProviderBills(desk.store, desk.clock), { names: [] });
    kind.onModuleInit();
    await files.keep('job-1', [CSV]);
    expect(await done(kind, 'job-1', input(await desk.store.head()))).toMatchObject({
      status: 'succeeded',
      result: {
        bill_id: 'job-1',
        booked: '0.50',
        billed: '115.00',
        lines: { matched: 1, theirs_only: MODELS - 1, differs: 0 },
      },
    });
  });

  it('of a channel that neither the configuration nor a charge names is refused, and nothing is recorded', async () => {
    await charge(desk.store, 'm1');
    const bill = { format: 'csv', files: [{ name: 'bill.csv', text: CSV }], tolerance: usd('0.01') } as const;
    const bills = new ProviderBills(desk.store, desk.clock);
    const misspelt = { ...bill, channel: 'opnai', configured: ['anthropic'] };
    await expect(bills.import(misspelt, 'fay')).rejects.toThrow(`There are: anthropic, ${CHANNEL}.`);
    expect(await desk.store.readStream(providerBillStream('opnai'), 0, 1)).toEqual([]);
    await expect(bills.import({ ...misspelt, configured: ['opnai'] }, 'fay')).resolves.toBeDefined();
  });

  it.each([1, 2, 3])('that died after %i appends goes on as it began, whatever was booked since', async (appends) => {
    class Dying extends MemoryEventStore {
      left = Infinity;
      override append(...args: Parameters<MemoryEventStore['append']>): ReturnType<MemoryEventStore['append']> {
        return this.left-- > 0 ? super.append(...args) : new Promise(() => undefined);
      }
    }
    const store = new Dying();
    await charge(store, 'm1');
    const asOf = await store.head();
    const run = (): Promise<unknown> => {
      const bill = {
        channel: CHANNEL,
        configured: [],
        format: 'csv' as const,
        files: [{ name: 'bill.csv', text: CSV }],
      };
      const options = { importId: 'job-1', asOf };
      return new ProviderBills(store, desk.clock).import({ ...bill, tolerance: usd('0.01') }, 'fay', options);
    };
    store.left = appends;
    void run();
    await expect.poll(() => store.left).toBeLessThan(0);
    store.left = Infinity;
    desk.clock.at += 60_000;
    await charge(store, 'm2');
    await run();
    await run();
    const lines = await recorded(store);
    expect(lines).toHaveLength(MODELS);
    expect(new Set(lines.map(({ model }) => model)).size).toBe(MODELS);
    expect(lines.filter(({ status }) => status === 'matched')).toEqual([{ model: 'm1', status: 'matched' }]);
  });
});
