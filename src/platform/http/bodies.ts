// Reads the bodies of requests: not before whoever sends one was let in, up to the limit of the route, not for ever, and within what all
// bodies may take together.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tooLarge } from './api-error.js';
import { ArrivingBody, type Pace } from './arriving-body.js';
import type { BodyBudget } from './body-budget.js';
import { encodingOf } from './decoded-body.js';
import { MemoryReturn } from './memory-return.js';

/** 20 seconds, and then 128 kbit/s: a slow line that moves. */
const PACE: Pace = { graceMs: 20_000, leastBytesPerSecond: 16_384 };
const CHECKED_EVERY_MS = 1_000;
const EMPTY: Buffer = Buffer.alloc(0);

export interface Terms {
  /** The largest body that is taken, in bytes. */
  readonly limit: number;
  /** Whose share of the memory it counts to. */
  readonly owner: string;
}

export class Bodies {
  readonly #underWay = new Set<ArrivingBody>();
  readonly #memory = new MemoryReturn();
  #checking: NodeJS.Timeout | undefined;

  constructor(
    private readonly budget: BodyBudget,
    private readonly pace = PACE,
  ) {}

  /**
   * The whole body, decoded, at once where it has come.
   * @throws ApiError 400, 408, 413, 415, 429 or 503, or rejects with it; then some of it may still be to come
   */
  read(request: IncomingMessage, response: ServerResponse, { limit, owner }: Terms): KeptBody | Promise<KeptBody> {
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > limit) throw tooLarge(limit);
    this.budget.check(owner, declared);
    // HTTP/1.0 knows no interim answers (RFC 9110, section 10.1.1).
    if (request.headers.expect !== undefined && request.httpVersion !== '1.0') response.writeContinue();
    const kept = new KeptBody(this.budget, owner, this.#memory);
    if (hasCome(request)) return cameWithHead(request, limit, kept);
    return this.#arriving(request, limit, kept);
  }

  async #arriving(request: IncomingMessage, limit: number, kept: KeptBody): Promise<KeptBody> {
    const arriving = new ArrivingBody(request, limit, (bytes) => kept.took(bytes));
    this.#underWay.add(arriving);
    this.#checking ??= setInterval(() => this.#check(), Math.min(CHECKED_EVERY_MS, this.pace.graceMs)).unref();
    try {
      kept.bytes = await arriving.whole;
      return kept;
    } catch (error) {
      kept.forget();
      throw error;
    } finally {
      this.#underWay.delete(arriving);
    }
  }

  #check(): void {
    const now = performance.now();
    for (const arriving of this.#underWay) arriving.endIfLate(this.pace, now);
    if (this.#underWay.size > 0) return;
    clearInterval(this.#checking);
    this.#checking = undefined;
  }
}

/** A small body comes together with its head: nothing is left to wait for, even where Node has not yet come to its end. */
function hasCome(request: IncomingMessage): boolean {
  const { complete, headers, readableLength } = request;
  if (encodingOf(headers) !== undefined) return false;
  return complete || (headers['content-length'] !== undefined && Number(headers['content-length']) === readableLength);
}

function cameWithHead(request: IncomingMessage, limit: number, kept: KeptBody): KeptBody {
  const bytes = (request.read() as Buffer | null) ?? EMPTY;
  request.resume(); // to its end
  if (bytes.length > limit) throw tooLarge(limit);
  kept.took(bytes.length);
  kept.bytes = bytes;
  return kept;
}

/** A body, and the memory that it counts for until it is forgotten. */
export class KeptBody {
  bytes = EMPTY;
  #counted = 0;

  constructor(
    private readonly budget: BodyBudget,
    private readonly owner: string,
    private readonly memory: MemoryReturn,
  ) {}

  /** @throws ApiError 429 or 503 when that is too much */
  took(bytes: number): void {
    this.budget.take(this.owner, bytes);
    this.#counted += bytes;
  }

  forget(): void {
    this.budget.giveBack(this.owner, this.#counted);
    this.#counted = 0;
    this.memory.done(this.bytes);
    this.bytes = EMPTY;
  }
}
