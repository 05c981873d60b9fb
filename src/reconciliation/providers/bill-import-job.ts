import { Injectable, type OnModuleInit } from '@nestjs/common';
import { usd } from '../../kernel/index.js';
import { type JobKind, type JobRun, Jobs, progressOf } from '../../platform/jobs/index.js';
import { JobFiles } from '../job-files.js';
import { type BillFormat, LINE_STATUSES } from './bill.js';
import { ConfiguredChannels } from './configured-channels.js';
import { ProviderBills } from './provider-bills.js';
import { readMapping, readPairs } from './read-mapping.js';

// Types, not interfaces: only so they pass for JSON objects.
export type BillImport = {
  readonly channel: string;
  readonly format: BillFormat;
  /** Of the file. */
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
  /** USD. */
  readonly tolerance: string;
  readonly columns: readonly string[];
  readonly models: readonly string[];
  /** The position of the log up to which costs are read. A run that goes on compares with the same as the one before. */
  readonly as_of: number;
};

/** What came of it; its differences are in `GET /api/finance/provider-differences`. */
type Outcome = {
  readonly bill_id: string;
  readonly from: string;
  readonly to: string;
  readonly booked: string;
  readonly billed: string | null;
  readonly difference: string | null;
  /** How many models and days compare in which way. */
  readonly lines: Readonly<Record<string, number>>;
};

/** Compares a bill that was sent to /api with what was booked. The bill has the job’s id. */
@Injectable()
export class BillImportJob implements JobKind<BillImport, Outcome>, OnModuleInit {
  readonly kind = 'provider_bill_import';
  readonly role = 'finance';

  constructor(
    private readonly jobs: Jobs,
    private readonly files: JobFiles,
    private readonly bills: ProviderBills,
    private readonly channels: ConfiguredChannels,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  readonly run = async (input: BillImport, job: JobRun): Promise<Outcome> => {
    const { name, tolerance, columns, models, as_of: asOf, ...bill } = input;
    const { id, by, signal } = job;
    const [text = ''] = await this.files.of(id);
    const files = [{ name, text }];
    const read = { files, tolerance: usd(tolerance), mapping: readMapping(columns), aliases: readPairs(models) };
    const { from, to, totals, lines } = await this.bills.import(
      { ...bill, ...read, configured: this.channels.names },
      by,
      {
        importId: id,
        asOf,
        signal,
        onProgress: progressOf(job),
      },
    );
    await this.files.remove(id);
    const counts = LINE_STATUSES.map((status) => [status, lines.filter((line) => line.status === status).length]);
    const { booked, billed = null, difference = null } = totals;
    return { bill_id: id, from, to, booked, billed, difference, lines: Object.fromEntries(counts) };
  };
}
