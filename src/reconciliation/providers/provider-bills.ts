import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { allEvents, EventStore, type Kept, StreamWriter, type WalkOptions } from '../../event-store/index.js';
import {
  accepted,
  type Amount,
  Clock,
  dayOf,
  formatUsd,
  newId,
  refuse,
  Refused,
  toInstant,
  ZERO,
} from '../../kernel/index.js';
import type { Approval } from '../approval.js';
import { Bill, type BillFormat, lineKey, UnreadableBill } from './bill.js';
import type { BillFile } from './bill-json.js';
import { readAnthropic } from './anthropic-bill.js';
import { readOpenAi } from './openai-bill.js';
import { BookedCosts } from './booked-costs.js';
import { compare, type ComparedLine, type ComparisonTotals, totalsOf } from './compare.js';
import { type CsvMapping, readCsv } from './csv-bill.js';
import type { Aliases } from './model-names.js';
import {
  type ProviderBillEvent,
  type ProviderBillEventData,
  providerBillStream,
  providerBillUpcasters,
  type ProviderResolution,
} from './provider-bill.events.js';
import {
  billedCosts,
  openLines,
  providerBill,
  type ProviderBillCommand,
  type ProviderBillState,
} from './provider-bill.js';

export interface BillToImport {
  readonly channel: string;
  /** The channels that are configured. */
  readonly configured: readonly string[];
  readonly format: BillFormat;
  readonly files: readonly BillFile[];
  /** UTC days, both inclusive; by default those of the bill. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly tolerance: Amount;
  readonly mapping?: CsvMapping;
  readonly aliases?: Aliases;
}

export interface ImportOptions extends WalkOptions {
  /** A new one by default. */
  readonly importId?: string;
  /** Up to which position the log is read; its head by default. */
  readonly asOf?: number;
}

export interface ImportedBill {
  readonly importId: string;
  readonly from: string;
  readonly to: string;
  readonly totals: ComparisonTotals;
  readonly lines: readonly ComparedLine[];
}

interface BeingImported extends BillToImport {
  readonly from: string;
  readonly to: string;
  readonly importId: string;
  readonly by: string;
  readonly bookings: number;
}

export interface LineOfBill {
  readonly channel: string;
  readonly day: string;
  readonly model: string;
}

/** An append has at most 1 MiB; a line has less than 4 KiB. */
const LINES_PER_COMMAND = 100;

/** Imports the bills of providers, and records what people decide about their differences. One instance per process. */
@Injectable()
export class ProviderBills {
  readonly #writer: StreamWriter<ProviderBillState, ProviderBillCommand, ProviderBillEvent>;

  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {
    this.#writer = new StreamWriter({ store, decider: providerBill, upcasters: providerBillUpcasters });
  }

  /**
   * Compares a bill with what was booked, and records the result. Sent again with the same `importId` and `asOf`, it goes on where it was interrupted.
   * @throws Refused `unreadable_bill`, `unknown_channel`, `booked_meanwhile`; EventStoreUnavailable; the reason of `signal` when it aborts, and then nothing is recorded
   */
  async import(bill: BillToImport, by: string, options: ImportOptions = {}): Promise<ImportedBill> {
    const { importId = newId(), asOf = await this.store.head() } = options;
    const read = readBill(bill);
    const period = { from: bill.from ?? read.period.from, to: bill.to ?? read.period.to };
    const today = dayOf(toInstant(this.clock.now()));
    if (period.to > today) throw new Refused(refuse('invalid', 'unreadable_bill', futureDay(period.to, today)));
    const costs = await this.#booked(bill.channel, asOf, options);
    checkChannel(bill, costs);
    // A usage report says nothing of costs: a difference of costs that is known stays what it is.
    const known = new Map(read.hasCosts ? [] : await this.#read(bill.channel, billedCosts));
    const lines = compare(read, costs, { ...bill, ...period, known });
    const totals = totalsOf(lines, read);
    const imported = { ...bill, ...period, importId, by, bookings: costs.bookings };
    await this.#record(imported, lines, totals);
    if (read.hasCosts) await this.#close(imported, lines);
    return { importId, ...period, totals, lines };
  }

  /** @throws Refused `no_open_difference`, `nothing_to_book`, `resolution_requested` */
  async propose(
    line: LineOfBill,
    decision: { readonly resolution: ProviderResolution; readonly reason: string; readonly requestedBy: string },
    commandId = newId(),
  ): Promise<void> {
    await this.#execute(line.channel, {
      type: 'ProposeResolution',
      commandId,
      at: this.clock.now(),
      ...line,
      ...decision,
    });
  }

  /** @throws Refused `no_open_difference`, `nothing_proposed`, `second_person_needed`, `proposed_anew` */
  async approve(line: LineOfBill, approval: Approval, commandId = newId()): Promise<void> {
    const at = this.clock.now();
    await this.#execute(line.channel, { type: 'ApproveResolution', commandId, at, ...line, ...approval });
  }

  /** @throws Refused `no_open_difference` */
  async decline(
    line: LineOfBill,
    decision: { readonly declinedBy: string; readonly reason: string },
    commandId = newId(),
  ): Promise<void> {
    const at = this.clock.now();
    await this.#execute(line.channel, { type: 'DeclineResolution', commandId, at, ...line, ...decision });
  }

  async #booked(channel: string, head: number, { onProgress, signal }: WalkOptions): Promise<BookedCosts> {
    const costs = new BookedCosts(channel);
    let events = 0;
    for await (const event of allEvents(this.store)) {
      signal?.throwIfAborted();
      if (event.position > head) break;
      costs.take(event);
      if (++events % PROGRESS_EVERY === 0) onProgress?.({ position: event.position, head, events });
    }
    return costs;
  }

  async #record(
    bill: BeingImported,
    lines: readonly ComparedLine[],
    { booked, billed }: ComparisonTotals,
  ): Promise<void> {
    const { importId, channel, format, from, to, by, bookings } = bill;
    const files = bill.files.map(({ name, text }) => ({
      name,
      sha256: createHash('sha256').update(text).digest('hex'),
    }));
    const imported = { importId, channel, format, from, to, files, tolerance: formatUsd(bill.tolerance), by };
    const at = this.clock.now();
    await this.#execute(channel, {
      type: 'ImportBill',
      commandId: importId,
      at,
      bookings,
      bill: { ...imported, lines: lines.length, booked, ...(billed !== undefined && { billed }) },
    });
    await this.#compared(bill, lines, { at, begins: 0 });
  }

  /** Records lines of an import, of which so many were recorded before. */
  async #compared(
    { importId, channel, bookings }: BeingImported,
    lines: readonly ComparedLine[],
    { at, begins }: { readonly at: number; readonly begins: number },
  ): Promise<void> {
    for (let done = 0; done < lines.length; done += LINES_PER_COMMAND) {
      const part = lines.slice(done, done + LINES_PER_COMMAND).map((line) => recorded(line, { importId, channel }));
      const first = begins + done;
      const commandId = `${importId}/${first}`;
      await this.#execute(channel, { type: 'CompareCosts', commandId, at, bookings, importId, first, lines: part });
    }
  }

  /**
   * A difference of an earlier bill that neither side has any more, such as a name that an alias leads elsewhere by now, is none: whoever
   * booked it would book it twice. (Usage reports say nothing of costs.)
   */
  async #close(bill: BeingImported, lines: readonly ComparedLine[]): Promise<void> {
    const has = new Set(lines.map(lineKey));
    const { open, begins } = await this.#read(bill.channel, (state) => ({
      open: openLines(state),
      begins: state.compared.get(bill.importId) ?? 0,
    }));
    const gone = open
      .filter((line) => line.day >= bill.from && line.day <= bill.to && !has.has(lineKey(line)))
      .map((line): ComparedLine => ({ ...line, ...NOTHING_LEFT }));
    await this.#compared(bill, gone, { at: this.clock.now(), begins });
  }

  #read<T>(channel: string, select: (state: ProviderBillState) => T & Kept<T>): Promise<T> {
    return this.#writer.read(providerBillStream(channel), select, { fresh: true });
  }

  async #execute(channel: string, command: ProviderBillCommand): Promise<void> {
    accepted(await this.#writer.execute(providerBillStream(channel), command));
  }
}

const PROGRESS_EVERY = 2_000;

const NOTHING_LEFT = {
  status: 'matched',
  calls: 0,
  booked: ZERO,
  billed: ZERO,
  difference: ZERO,
  tokens: [],
  explanations: [],
} as const;

/** Calls of such a day would all differ, and come later. */
const futureDay = (to: string, today: string): string =>
  `The bill goes to ${to}, and today is ${today} (UTC): are its days read from the right column?`;

/** What is billed for a channel that nobody knows would all differ, and two people had to close it. */
function checkChannel({ channel, configured }: BillToImport, { channels }: BookedCosts): void {
  const known = new Set([...configured, ...channels]);
  if (known.has(channel)) return;
  const names = known.size === 0 ? 'none' : [...known].toSorted().join(', ');
  const message = `No channel "${channel}" is configured, and no call was sent to one. There are: ${names}.`;
  throw new Refused(refuse('invalid', 'unknown_channel', message, { channel }));
}

/** @throws Refused `unreadable_bill` */
export function readBill({ format, files, mapping = {} }: Pick<BillToImport, 'format' | 'files' | 'mapping'>): Bill {
  const bill = new Bill();
  try {
    if (format === 'openai') readOpenAi(files, bill);
    else if (format === 'anthropic') readAnthropic(files, bill);
    else readCsv(files, bill, mapping);
    void bill.period;
  } catch (error) {
    if (!(error instanceof UnreadableBill) && !(error instanceof RangeError)) throw error;
    throw new Refused(refuse('invalid', 'unreadable_bill', error.message));
  }
  return bill;
}

function recorded(
  { booked, billed, difference, tokens, explanations, ...line }: ComparedLine,
  of: { readonly importId: string; readonly channel: string },
): Omit<ProviderBillEventData<'ProviderCostCompared'>, 'at'> {
  return {
    ...of,
    ...line,
    booked: formatUsd(booked),
    ...(billed !== undefined && { billed: formatUsd(billed) }),
    ...(difference !== undefined && { difference: formatUsd(difference) }),
    tokens: [...tokens],
    explanations: explanations.map(({ amount, chargeIds, ...explanation }) => ({
      ...explanation,
      amount: formatUsd(amount),
      chargeIds: [...chargeIds],
    })),
  };
}
