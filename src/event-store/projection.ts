import type { JsonObject } from '../kernel/index.js';
import type { RecordedEvent } from './event-store.js';
import type { ViewDefinition } from './read-model-store.js';

/** A read model: pure steps from events to rows. Its view's name carries its version. */
export interface Projection<Doc extends JsonObject = JsonObject> {
  readonly view: ViewDefinition;
  /** The row an event belongs to; undefined when it belongs to none. */
  rowId(event: RecordedEvent): string | undefined;
  /** The row after the event; `row` is undefined when there was none. Throws on an impossible event. */
  step(row: Doc | undefined, event: RecordedEvent): Doc;
}
