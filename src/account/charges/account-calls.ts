// The calls of an account, from the read model of charges, with what else is known of them.
import { Injectable } from '@nestjs/common';
import { ReadModelStore, type Row, WaitFor } from '../../event-store/index.js';
import { type ChargeRow, charges, keys, type KeyRow } from '../../ledger/index.js';
import { CallTimeRecords, type CallTimes } from '../../platform/call-times/index.js';
import { notACursor } from '../../platform/http/index.js';

export interface CallFilter {
  /** ISO 8601 with milliseconds: let through not earlier than this. */
  readonly from?: string | undefined;
  /** Earlier than this. */
  readonly to?: string | undefined;
  readonly status?: ChargeRow['status'] | undefined;
  readonly model?: string | undefined;
  readonly keyId?: string | undefined;
  readonly requestId?: string | undefined;
}

/** A call with the name of its key, and how long it took, as far as that is known. */
export interface Call {
  readonly charge: ChargeRow;
  readonly keyName: string | undefined;
  readonly times: CallTimes | undefined;
}

export interface CallPage {
  readonly calls: readonly Call[];
  /** The row after which it goes on; undefined at the end. */
  readonly next: string | undefined;
}

/** Rows read at a time: calls of other customers wait while they are parsed. */
const WINDOW = 500;
/** Rows looked at for one page at most: a filter that finds nothing is not to read a long history in one go. */
const MOST_SCANNED = 10_000;

@Injectable()
export class AccountCalls {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly times: CallTimeRecords,
  ) {}

  /** The newest first. @throws ViewBehind, ApiError for a cursor of something else */
  async page(accountId: string, filter: CallFilter, limit: number, cursor?: string): Promise<CallPage> {
    await this.waitFor.head(charges.view);
    if (filter.requestId !== undefined) return { calls: await this.#ofRequest(accountId, filter), next: undefined };
    let after = cursor === undefined ? undefined : await this.#row(accountId, cursor);
    const found: ChargeRow[] = [];
    for (let scanned = 0; scanned < MOST_SCANNED;) {
      const size = isNarrow(filter) ? WINDOW : limit + 1;
      const window = await this.#window(accountId, filter, size, after);
      for (const row of window) {
        const charge = row.doc as ChargeRow;
        if (isEarlier(charge, filter)) return { calls: await this.#known(found), next: undefined };
        if (passes(charge, filter)) {
          if (found.length === limit) return { calls: await this.#known(found), next: after?.id };
          found.push(charge);
        }
        after = row;
      }
      if (window.length < size) return { calls: await this.#known(found), next: undefined };
      scanned += window.length;
    }
    return { calls: await this.#known(found), next: after?.id };
  }

  /** All of them, the newest first. */
  async *all(accountId: string, filter: CallFilter): AsyncGenerator<Call> {
    await this.waitFor.head(charges.view);
    if (filter.requestId !== undefined) return yield* await this.#ofRequest(accountId, filter);
    for (let after: Row | undefined; ;) {
      const window = await this.#window(accountId, filter, WINDOW, after);
      const found = window.map(({ doc }) => doc as ChargeRow).filter((charge) => !isEarlier(charge, filter));
      yield* await this.#known(found.filter((charge) => passes(charge, filter)));
      if (window.length < WINDOW || found.length < window.length) return;
      after = window.at(-1);
    }
  }

  #window(accountId: string, { to }: CallFilter, limit: number, after: Row | undefined): Promise<readonly Row[]> {
    return this.readModels.find(charges.view, {
      where: { accountId },
      ...(to !== undefined && { below: { openedAt: to } }),
      orderBy: 'openedAt',
      descending: true,
      limit,
      ...(after && { after }),
    });
  }

  async #ofRequest(accountId: string, filter: CallFilter): Promise<Call[]> {
    const { requestId = '' } = filter;
    const rows = await this.readModels.find(charges.view, { where: { requestId } });
    const found = rows.map(({ doc }) => doc as ChargeRow);
    return this.#known(
      found.filter((each) => each.accountId === accountId && !isEarlier(each, filter) && passes(each, filter)),
    );
  }

  async #row(accountId: string, cursor: string): Promise<Row> {
    const row = (await this.readModels.load(charges.view, [cursor])).get(cursor);
    if (row?.doc['accountId'] === accountId) return row;
    throw notACursor();
  }

  async #known(found: readonly ChargeRow[]): Promise<Call[]> {
    const keyIds = [...new Set(found.map(({ keyId }) => keyId))];
    const [names, times] = await Promise.all([
      this.readModels.load(keys.view, keyIds),
      this.times.of(found.map(({ chargeId }) => chargeId)),
    ]);
    return found.map((charge) => ({
      charge,
      keyName: (names.get(charge.keyId)?.doc as KeyRow | undefined)?.name,
      times: times.get(charge.chargeId),
    }));
  }
}

const isEarlier = ({ openedAt }: ChargeRow, { from }: CallFilter): boolean => from !== undefined && openedAt < from;

const isNarrow = ({ status, model, keyId }: CallFilter): boolean =>
  status !== undefined || model !== undefined || keyId !== undefined;

const passes = (charge: ChargeRow, { to, status, model, keyId }: CallFilter): boolean =>
  (to === undefined || charge.openedAt < to) &&
  (status === undefined || charge.status === status) &&
  (model === undefined || charge.model === model) &&
  (keyId === undefined || charge.keyId === keyId);
