// How long calls took: operational metadata, so it is no part of the ledger, and is deleted after seven days.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ReadModelStore, ReadModelsUnavailable, type ViewDefinition } from '../../event-store/index.js';
import { Clock, DAY_MS, fromInstant, type JsonObject, startOfDay, toInstant } from '../../kernel/index.js';
import { PeriodicWorkers } from '../periodic-workers.js';

/** How long one call took, in whole milliseconds from its arrival. */
export interface CallTimes extends JsonObject {
  /** When it ended. */
  readonly at: string;
  /** Until its charge was durable, or it had failed. */
  readonly totalMs: number;
  /** Of a stream: until its first event had come from the provider. Null when none did, and for an answer that is sent whole. */
  readonly firstByteMs: number | null;
  readonly stream: boolean;
}

const CALL_TIMES_KEPT_MS = 7 * DAY_MS;

/** A view for each day, used again after eight: a day is deleted as a whole, and no table is left behind. */
const SLOTS = 8;
const slot = (index: number): ViewDefinition => ({ name: `call-times-1-${index}`, indexes: [['at']] });
const slots: readonly ViewDefinition[] = Array.from({ length: SLOTS }, (_, index) => slot(index));
const NOTHING: ViewDefinition = { name: 'call-times-1-empty', indexes: [['at']] };

const slotOf = (at: number): ViewDefinition => slot((startOfDay(at) / DAY_MS) % SLOTS);

const WRITE_EVERY_MS = 1_000;
const DELETE_EVERY_MS = 3_600_000;
/** Beyond these, calls of one second are not noted: a store that is slow must not fill the memory. */
const MOST_WAITING = 20_000;

/** Notes how long each call took, and forgets it. Writing is done beside the calls, in batches; what a store does not take is lost. */
@Injectable()
export class CallTimeRecords implements OnApplicationBootstrap, OnApplicationShutdown {
  #waiting = new Map<string, CallTimes>();

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly clock: Clock,
    private readonly periodic: PeriodicWorkers,
  ) {}

  onApplicationBootstrap(): void {
    this.periodic.start({ name: 'deleting the times of calls', everyMs: DELETE_EVERY_MS, turn: () => this.forget() });
    this.periodic.start({ name: 'noting the times of calls', everyMs: WRITE_EVERY_MS, turn: () => this.write() });
  }

  onApplicationShutdown(): Promise<void> {
    return this.write();
  }

  /** Costs a call no more than an entry in a map. */
  note(chargeId: string, times: Omit<CallTimes, 'at'>): void {
    if (this.#waiting.size < MOST_WAITING)
      this.#waiting.set(chargeId, { at: toInstant(this.clock.now()), ...times } as CallTimes);
  }

  /** Writes what was noted since. */
  async write(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting.size === 0) return;
    this.#waiting = new Map();
    const rows = [...waiting].map(([id, doc]) => ({ id, position: 0, doc }));
    const bySlot = Map.groupBy(rows, ({ doc }) => slotOf(fromInstant(doc.at)).name);
    const writes = slots.map(async (view) => {
      const some = bySlot.get(view.name);
      if (some !== undefined) await this.readModels.apply(view, { rows: some });
    });
    await Promise.all(writes).catch(ignoreOutage);
  }

  /** The times of those calls that are still known, by the ids of their charges. */
  async of(chargeIds: readonly string[]): Promise<ReadonlyMap<string, CallTimes>> {
    if (chargeIds.length === 0) return new Map();
    const since = toInstant(this.clock.now() - CALL_TIMES_KEPT_MS);
    const found = await Promise.all(slots.map((view) => this.readModels.load(view, chargeIds)));
    const rows = found.flatMap((each) => [...each]);
    const known = rows.map(([id, { doc }]) => [id, doc as CallTimes] as const).filter(([, { at }]) => at > since);
    return new Map(known);
  }

  /** Deletes each day as soon as its oldest call is seven days old. */
  async forget(): Promise<void> {
    const since = toInstant(this.clock.now() - CALL_TIMES_KEPT_MS);
    try {
      for (const view of slots) {
        const [oldest] = await this.readModels.find(view, { orderBy: 'at', limit: 1 });
        if (oldest !== undefined && String(oldest.doc['at']) <= since) await this.readModels.replace(view, NOTHING);
      }
    } catch (error) {
      ignoreOutage(error);
    }
  }
}

/** Others report that a store is away. */
function ignoreOutage(error: unknown): void {
  if (!(error instanceof ReadModelsUnavailable)) throw error;
}
