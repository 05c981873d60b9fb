import type { JsonObject } from '../kernel/index.js';
import type { RecordedEvent } from './event-store.js';

/** An event as deciders and projections see it: its type and the newest version of its data. */
export interface DomainEvent {
  readonly type: string;
  readonly data: JsonObject;
}

/** Turns data of one version into the next. Pure; never sees any other version. */
export type Upcaster = (data: JsonObject) => JsonObject;

/** Per event type: the upcasters from version 1 to 2, from 2 to 3, and so on. */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>;

/** Caches upcast data, since several projections share an event. */
const upToDate = new WeakMap<JsonObject, JsonObject>();

/**
 * Reads recorded data as the newest version of its type. Data carries its version in `v`; absent means 1. Stored events
 * are never rewritten: old versions pass through the upcasters, one step at a time, at every read.
 * @throws Error when a newer release wrote the event, or its version is invalid.
 */
export function upcast(upcasters: Upcasters, { type, data, stream, revision }: RecordedEvent): JsonObject {
  const steps = upcasters[type];
  const version = data['v'] ?? 1;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new Error(`${type} ${revision} of ${stream} has the invalid version ${JSON.stringify(version)}`);
  }
  const newest = (steps?.length ?? 0) + 1;
  if (version > newest) {
    throw new Error(
      `${type} ${revision} of ${stream} has version ${version}; this release knows up to ${newest}: upgrade it`,
    );
  }
  if (steps === undefined || version === newest) return data;
  const known = upToDate.get(data) ?? steps.slice(version - 1).reduce((older, step) => step(older), data);
  upToDate.set(data, known);
  return known;
}

/** An event in the newest version of its type. @throws Error as `upcast` */
export const readEvent = (upcasters: Upcasters, recorded: RecordedEvent): DomainEvent => ({
  type: recorded.type,
  data: upcast(upcasters, recorded),
});
