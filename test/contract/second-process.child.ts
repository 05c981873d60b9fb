// What the second process does: holds the gateway lock of a file, or appends to a stream like everyone else.
import { acquireGatewayLock } from '../../src/adapters/sqlite/gateway-lock.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/sqlite-event-store.js';
import { appendOptimistically } from './optimistic-writer.js';

const [task, path = '', stream = '', count = '0'] = process.argv.slice(2);

if (task === 'lock') {
  acquireGatewayLock(path);
  process.send?.('locked');
  setInterval(() => {}, 60_000);
} else {
  const store = await SqliteEventStore.open(path);
  process.send?.('opened');
  const ids = await appendOptimistically(store, stream, Number(count));
  await store.close();
  process.send?.(ids, () => process.disconnect());
}
