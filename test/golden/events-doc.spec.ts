import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventsDoc, streamsOf } from '../../scripts/events-doc.ts';
import * as account from '../../src/ledger/account.events.js';
import * as books from '../../src/books/close/books.events.js';
import * as automaticTopup from '../../src/payments/automatic/automatic-topup.events.js';
import * as balanceAlert from '../../src/payments/alerts/balance-alert.events.js';
import * as invoices from '../../src/payments/invoices/invoice.events.js';
import * as payout from '../../src/payments/payouts/payout.js';
import * as topup from '../../src/payments/topups/topup.events.js';
import * as reconciliation from '../../src/reconciliation/stripe/reconciliation.events.js';
import * as providerBill from '../../src/reconciliation/providers/provider-bill.events.js';
import * as priceList from '../../src/pricing/price-list.js';
import * as rerating from '../../src/rerating/rerating.events.js';
import * as webhook from '../../src/payments/sync/webhook.js';
import * as queue from '../../src/operations/queue/queue.events.js';
import * as ledgerKey from '../../src/seals/ledger-key.events.js';
import * as seal from '../../src/seals/seal.events.js';

it('docs/events.md says what the schemas say', () =>
  expect(readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')).toBe(
    eventsDoc(
      streamsOf({
        ...account,
        ...topup,
        ...payout,
        ...automaticTopup,
        ...balanceAlert,
        ...books,
        ...invoices,
        ...reconciliation,
        ...providerBill,
        ...priceList,
        ...rerating,
        ...webhook,
        ...queue,
        ...seal,
        ...ledgerKey,
      }),
    ),
  ));
