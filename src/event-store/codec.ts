import type { JsonObject } from '../kernel/index.js';
import type { RecordedEvent } from './event-store.js';

/** An event as deciders and projections see it: its type and its newest shape. */
export interface DomainEvent {
  readonly type: string;
  readonly data: JsonObject;
}

/** Turns data of one version into the next. Pure; never sees any other version. */
export type Upcaster = (data: JsonObject) => JsonObject;

/** By event type: the steps from version 1 to 2, from 2 to 3, and so on. */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>;

/** What older data became: an event that several projections share is brought up to date once. */
const upToDate = new WeakMap<JsonObject, JsonObject>();

/**
 * Reads recorded data as the newest version of its type. Data carries its version in `v`; absent means 1. Events on disk are never
 * rewritten: old versions pass through the upcasters, one step at a time, at every read.
 * @throws Error when the event was written by a newer version of this software, or its version is none.
 */
export function upcast(upcasters: Upcasters, { type, data, stream, revision }: RecordedEvent): JsonObject {
  const steps = upcasters[type];
  const version = data['v'] ?? 1;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new Error(`${type} ${revision} of ${stream} has ${JSON.stringify(version)} for a version`);
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
