// Compares two logs event by event while it reads them; neither is held in memory.
import { isDeepStrictEqual } from 'node:util';
import { originalPosition, type RecordedEvent, START } from '../../event-store/index.js';

const MAX_FAULTS = 100;

export interface Comparison {
  /** How many events both logs have at the same place. */
  readonly events: number;
  /** The source's position of the last of them; `START` when there is none. */
  readonly position: number;
  /** How the logs differ over their common length, one sentence per difference; at most 100. */
  readonly faults: readonly string[];
  /** The log that has more events than the other. */
  readonly longer: 'source' | 'destination' | undefined;
}

/** Walks through both logs to the end of the shorter one. Calls `look` with each event of the destination. */
export async function compareLogs(
  source: AsyncIterator<RecordedEvent>,
  destination: AsyncIterator<RecordedEvent>,
  look: (event: RecordedEvent) => void = () => undefined,
): Promise<Comparison> {
  const faults: string[] = [];
  let events = 0;
  let position = START;
  while (faults.length < MAX_FAULTS) {
    const [expected, actual] = await Promise.all([source.next(), destination.next()]);
    if (expected.done || actual.done) {
      const longer = expected.done ? (actual.done ? undefined : 'destination') : 'source';
      return { events, position, faults, longer };
    }
    look(actual.value);
    const elsewhere = misplaced(expected.value, actual.value, events);
    const fault = elsewhere ?? changed(expected.value, actual.value);
    if (fault !== undefined) faults.push(fault);
    if (elsewhere !== undefined) break; // all later events are out of place, too
    events++;
    position = expected.value.position;
  }
  return { events, position, faults, longer: undefined };
}

const nameOf = ({ stream, revision, type }: RecordedEvent): string => `revision ${revision} of ${stream} (${type})`;

const misplaced = (expected: RecordedEvent, actual: RecordedEvent, before: number): string | undefined =>
  expected.stream === actual.stream && expected.revision === actual.revision
    ? undefined
    : `Event ${before + 1} of the log is ${nameOf(expected)} in the source and ${nameOf(actual)} in the destination.`;

function changed(expected: RecordedEvent, actual: RecordedEvent): string | undefined {
  const differences = [
    expected.id !== actual.id && 'id',
    expected.type !== actual.type && 'type',
    expected.metadata['hash'] !== actual.metadata['hash'] && 'hash',
    expected.recordedAt !== actual.recordedAt && 'time',
    hasOtherPosition(expected, actual) && 'first position',
    !isDeepStrictEqual(expected.data, actual.data) && 'data',
  ].filter((difference) => difference !== false);
  if (differences.length === 0) return undefined;
  return `The destination’s ${nameOf(expected)} differs in its ${differences.join(', ')}.`;
}

/** Releases before the seals moved events without their first position. */
const hasOtherPosition = (expected: RecordedEvent, { metadata: { position } }: RecordedEvent): boolean =>
  position !== undefined && position !== originalPosition(expected);
