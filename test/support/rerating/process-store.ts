import { type EventStore, ForwardingEventStore, type NewEvent } from '../../../src/event-store/index.js';

/** What happens around each append of a process. */
export interface AroundAppends {
  readonly before?: () => Promise<void>;
  readonly after?: () => Promise<void>;
}

/** The way of one process to the store that it shares with others. */
export class ProcessStore extends ForwardingEventStore {
  constructor(
    inner: EventStore,
    private readonly around: AroundAppends,
  ) {
    super(inner);
  }

  override async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    await this.around.before?.();
    await super.append(stream, expected, events);
    await this.around.after?.();
  }

  override async close(): Promise<void> {}
}

/** A process that dies at its append after so many: before the store has it, or before the answer is there. Nothing is heard of it again. */
export function dyingProcess(inner: EventStore, appends: number, at: keyof AroundAppends) {
  const { promise: died, resolve } = Promise.withResolvers<void>();
  let left = appends;
  const orDie = (): Promise<void> => {
    if (left-- > 0) return Promise.resolve();
    resolve();
    return new Promise(() => undefined);
  };
  return { store: new ProcessStore(inner, { [at]: orDie }), died };
}
