import { expect, it } from 'vitest';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { toInstant } from '../../kernel/index.js';
import { accountStream, charges } from '../../ledger/index.js';
import { lostCallsOf } from './verify-read-models.js';

const CALLS = 5_000;
const at = (nth: number): string => toInstant(nth * 1_000);

it('finds lost calls while the rows and the ledger go by side by side', async () => {
  const order: ('events' | 'rows')[] = [];
  const store = new (class extends MemoryEventStore {
    override readStream(...args: Parameters<MemoryEventStore['readStream']>) {
      order.push('events');
      return super.readStream(...args);
    }
  })();
  const readModels = new (class extends MemoryReadModelStore {
    override find(...args: Parameters<MemoryReadModelStore['find']>) {
      order.push('rows');
      return super.find(...args);
    }
  })();
  const calls = Array.from({ length: CALLS }, (_, nth) => ({ chargeId: `c${nth}`, at: at(nth) }));
  const isLost = (nth: number): boolean => nth === 7 || nth >= CALLS - 2;
  const events = calls
    .filter((_, nth) => !isLost(nth))
    .map((data, nth) => {
      const id = `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`;
      return { id, type: 'TokensCharged', data, metadata: {} };
    });
  for (let from = 0; from < events.length; from += 1_000)
    await store.append(accountStream('a'), from - 1, events.slice(from, from + 1_000));
  const rows = calls.map(({ chargeId, at: openedAt }, position) => {
    const doc = { chargeId, requestId: chargeId, accountId: 'a', status: 'charged', openedAt };
    return { id: chargeId, position, doc };
  });
  await readModels.apply(charges.view, { rows });

  const lost: string[] = [];
  for await (const sentence of lostCallsOf({ store, readModels }, 'a')) lost.push(sentence);
  expect(lost.map((sentence) => /c\d+/.exec(sentence)?.[0])).toEqual(['c7', `c${CALLS - 2}`, `c${CALLS - 1}`]);
  // Neither is read to its end before the other begins.
  expect(order.indexOf('rows')).toBeLessThan(order.lastIndexOf('events'));
  expect(order.indexOf('events')).toBeLessThan(order.lastIndexOf('rows'));
});
