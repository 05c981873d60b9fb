// The versions of the price list, and which of them is in force at an instant: a pure function of the stream `price-list`.
//
// Versions are published in the order of their numbers, for any instant. Among those that are not withdrawn, the one in force at T is the
// one with the latest effectiveFrom that is not after T; of several from the same instant, the one published last. So a correction from
// today on leaves the list that is scheduled for December where it is, and a list published for the past ends where the next one begins.
import { fromInstant } from '../kernel/index.js';
import type { PriceListEvent, PriceListPublished, PriceListWithdrawn } from './price-list.js';

/** A version as it was published, and its withdrawal, if there was one. */
export type PriceVersion = PriceListPublished & { readonly withdrawn?: PriceListWithdrawn };

/**
 * - `scheduled`: it will be in force
 * - `in_force`: calls are priced by it now
 * - `superseded`: it is not in force any more, or never will be, as another one is from the same instant on
 * - `withdrawn`: it never was in force
 */
export type PriceVersionState = (typeof PRICE_VERSION_STATES)[number];
export const PRICE_VERSION_STATES = ['scheduled', 'in_force', 'superseded', 'withdrawn'] as const;

/** Applies the next event. @throws Error for impossible history: a gap, or the withdrawal of a version that isn't there */
export function evolveVersions(versions: readonly PriceVersion[], { type, data }: PriceListEvent): PriceVersion[] {
  if (type === 'PriceListPublished') {
    if (data.version !== versions.length + 1)
      throw new Error(`price list ${data.version} follows version ${versions.length}`);
    return [...versions, data];
  }
  const version = versions[data.version - 1];
  if (version === undefined || version.withdrawn !== undefined)
    throw new Error(`price list ${data.version} is withdrawn, and ${version ? 'was so before' : 'does not exist'}`);
  return versions.with(data.version - 1, { ...version, withdrawn: data });
}

/** The versions that are, were or will be in force, by the instant from which they are. */
export function timelineOf(versions: readonly PriceVersion[]): PriceVersion[] {
  const byInstant = new Map<number, PriceVersion>();
  for (const version of versions)
    if (version.withdrawn === undefined) byInstant.set(fromInstant(version.effectiveFrom), version);
  return [...byInstant].toSorted(([a], [b]) => a - b).map(([, version]) => version);
}

/** The version in force at an instant (epoch milliseconds), as these versions have it; undefined before the first. */
export const inForceAt = (versions: readonly PriceVersion[], atMs: number): PriceVersion | undefined =>
  timelineOf(versions).findLast(({ effectiveFrom }) => fromInstant(effectiveFrom) <= atMs);

/** The versions that are in force at some instant of a period (epoch milliseconds, `toMs` exclusive), the earliest first. */
export const inForceBetween = (versions: readonly PriceVersion[], fromMs: number, toMs: number): PriceVersion[] =>
  timelineOf(versions).filter(({ effectiveFrom }, index, all) => {
    const next = all[index + 1]?.effectiveFrom;
    return fromInstant(effectiveFrom) < toMs && (next === undefined || fromInstant(next) > fromMs);
  });

/** The first version that is in force from a later instant (epoch milliseconds) on. */
export const nextAfter = (versions: readonly PriceVersion[], atMs: number): PriceVersion | undefined =>
  timelineOf(versions).find(({ effectiveFrom }) => fromInstant(effectiveFrom) > atMs);

/** Until when a version is in force, exclusive (ISO 8601); undefined without an end, and for one that never is in force. */
export const inForceUntil = (versions: readonly PriceVersion[], { effectiveFrom }: PriceVersion): string | undefined =>
  nextAfter(versions, fromInstant(effectiveFrom))?.effectiveFrom;

/** The state of a version at an instant (epoch milliseconds). */
export function stateOf(versions: readonly PriceVersion[], version: PriceVersion, atMs: number): PriceVersionState {
  if (version.withdrawn !== undefined) return 'withdrawn';
  if (inForceAt(versions, atMs)?.version === version.version) return 'in_force';
  const fromMs = fromInstant(version.effectiveFrom);
  return fromMs > atMs && inForceAt(versions, fromMs)?.version === version.version ? 'scheduled' : 'superseded';
}
