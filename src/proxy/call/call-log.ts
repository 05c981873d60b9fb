import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type Amount, errorText, formatUsd } from '../../kernel/index.js';
import type { Caller } from '../../keys/index.js';
import { CallTimeRecords } from '../../platform/call-times/index.js';
import { ApiError, invalidRequest } from '../../platform/http/index.js';
import { LOGGER, Metrics } from '../../platform/index.js';
import type { PlacedHold } from '../billing/billing.js';
import { Untranslatable } from '../wire/index.js';

/** One log line and the metrics of each call: metadata only, never a prompt, a completion or a key. */
@Injectable()
export class CallLog {
  readonly #logger: Logger;

  constructor(
    private readonly metrics: Metrics,
    @Inject(LOGGER) logger: Logger,
    private readonly times: CallTimeRecords,
  ) {
    // A line of a call has ids and figures only, where nothing could be redacted: looking for it would take longer than the line itself.
    this.#logger = logger.child({}, { redact: [] });
  }

  /** Runs a call and logs how it ended. Throws the client's error, unless the answer has begun. */
  async during(
    { id, caller }: FastifyRequest,
    { raw }: FastifyReply,
    call: (record: CallRecord) => Promise<CallResult>,
  ): Promise<void> {
    const record = new CallRecord(this.metrics, this.#logger, this.times, { requestId: id, caller });
    try {
      record.end(await call(record));
    } catch (caught) {
      // Only the client can fix a request that another format has no equivalent for.
      const error = caught instanceof Untranslatable ? invalidRequest(caught.message, caught.param) : caught;
      record.fail(error);
      if (!raw.headersSent) throw error;
      raw.end();
    }
  }
}

/** How an answer ended: what it was charged, if anything, and what broke it off. */
export interface CallResult {
  readonly cost: Amount | undefined;
  readonly broken?: Error | undefined;
}

export class CallRecord {
  readonly #started = performance.now();
  #upstreamMs = 0;
  #firstByteMs: number | undefined;
  #hold: PlacedHold | undefined;
  #stream = false;

  constructor(
    private readonly metrics: Metrics,
    private readonly logger: Logger,
    private readonly times: CallTimeRecords,
    private readonly call: { readonly requestId: string; readonly caller: Caller },
  ) {}

  held(hold: PlacedHold, stream: boolean): void {
    this.#hold = hold;
    this.#stream = stream;
    this.metrics.holds.inc();
  }

  /** Waits for the provider. Its time does not count as ours. */
  async upstream<T>(opening: Promise<T>): Promise<T> {
    const started = performance.now();
    const opened = await opening;
    const began = performance.now();
    this.#upstreamMs = began - started;
    this.#firstByteMs = began - this.#started;
    this.metrics.addedSeconds.observe((started - this.#started) / 1_000);
    return opened;
  }

  /** For an answer that began: it is whole, or broken off for a reason. */
  end({ cost, broken }: CallResult): void {
    if (cost !== undefined) this.metrics.charges.inc();
    const figures = { ...(cost !== undefined && { cost: formatUsd(cost) }), ...(broken && { reason: broken.message }) };
    this.#log(broken === undefined ? 'info' : 'warn', 200, figures);
  }

  fail(error: unknown): void {
    const status = error instanceof ApiError ? error.status : 500;
    const reason = error instanceof ApiError ? error.options.code : String(error);
    const refused = status === 503;
    if (refused)
      this.logger.warn({
        outage: 'calls',
        requestId: this.call.requestId,
        msg: `calls are refused: ${errorText(error)}`,
      });
    this.#log(refused ? 'debug' : status >= 500 ? 'warn' : 'info', status, { reason });
  }

  #log(level: 'debug' | 'info' | 'warn', status: number, more: { cost?: string; reason?: string }): void {
    const { requestId, caller } = this.call;
    const { accountId, keyId } = caller;
    const totalMs = Math.round(performance.now() - this.#started);
    this.metrics.requests.inc({ status: String(status) });
    this.#note(totalMs, status);
    this.logger[level]({
      requestId,
      accountId,
      keyId,
      chargeId: this.#hold?.chargeId,
      model: this.#hold?.model,
      status,
      totalMs,
      upstreamMs: Math.round(this.#upstreamMs),
      ...more,
      msg: 'call',
    });
  }

  /** Only of calls that are in the ledger: the times are found by their charge. */
  #note(totalMs: number, status: number): void {
    if (this.#hold === undefined) return;
    const began = this.#stream && status === 200 ? this.#firstByteMs : undefined;
    const firstByteMs = began === undefined ? null : Math.round(began);
    this.times.note(this.#hold.chargeId, { totalMs, firstByteMs, stream: this.#stream });
  }
}
