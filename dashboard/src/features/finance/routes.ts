import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { financeRoute } from '../../app/layouts.tsx';
import { oneOf, type Search, textOf } from '../../ui/address.ts';
import {
  BOOKS_TABS,
  type BooksFilters,
  DISPUTE_STATUSES,
  type DisputeFilters,
  PAYOUT_STATUSES,
  type PayoutFilters,
  RECONCILIATION_TABS,
  type ReconciliationFilters,
  REFUND_STATUSES,
  type RefundFilters,
  TOPUP_CURRENCIES,
  TOPUP_METHODS,
  TOPUP_STATUSES,
  type TopupFilters,
} from './search-params.ts';

const parent = { getParentRoute: () => financeRoute };

export const financeRoutes = [
  createRoute({
    ...parent,
    path: '/',
    component: lazyRouteComponent(() => import('./overview-page.tsx'), 'FinanceOverviewPage'),
  }),
  createRoute({
    ...parent,
    path: 'topups',
    validateSearch: (search: Search): TopupFilters => ({
      status: oneOf(TOPUP_STATUSES, search['status']),
      method: oneOf(TOPUP_METHODS, search['method']),
      currency: oneOf(TOPUP_CURRENCIES, search['currency']),
      amount: textOf(search['amount']),
      from: textOf(search['from']),
      to: textOf(search['to']),
      account_id: textOf(search['account_id']),
      topup_id: textOf(search['topup_id']),
      stripe_id: textOf(search['stripe_id']),
    }),
    component: lazyRouteComponent(() => import('./topups-page.tsx'), 'TopupsPage'),
  }),
  createRoute({
    ...parent,
    path: 'topups/$id',
    component: lazyRouteComponent(() => import('./topup-page.tsx'), 'TopupPage'),
  }),
  createRoute({
    ...parent,
    path: 'refunds',
    validateSearch: (search: Search): RefundFilters => ({
      status: oneOf(REFUND_STATUSES, search['status']),
      account_id: textOf(search['account_id']),
      topup_id: textOf(search['topup_id']),
      refund: textOf(search['refund']),
    }),
    component: lazyRouteComponent(() => import('./refunds-page.tsx'), 'RefundsPage'),
  }),
  createRoute({
    ...parent,
    path: 'disputes',
    validateSearch: (search: Search): DisputeFilters => ({
      status: oneOf(DISPUTE_STATUSES, search['status']),
      dispute: textOf(search['dispute']),
    }),
    component: lazyRouteComponent(() => import('./disputes-page.tsx'), 'DisputesPage'),
  }),
  createRoute({
    ...parent,
    path: 'payouts',
    validateSearch: (search: Search): PayoutFilters => ({ status: oneOf(PAYOUT_STATUSES, search['status']) }),
    component: lazyRouteComponent(() => import('./payouts-page.tsx'), 'PayoutsPage'),
  }),
  createRoute({
    ...parent,
    path: 'reconciliation',
    validateSearch: (search: Search): ReconciliationFilters => ({
      tab: oneOf(RECONCILIATION_TABS, search['tab']),
      show: oneOf(['open', 'all'] as const, search['show']),
      from: textOf(search['from']),
      to: textOf(search['to']),
      item: textOf(search['item']),
    }),
    component: lazyRouteComponent(() => import('./reconciliation-page.tsx'), 'ReconciliationPage'),
  }),
  createRoute({
    ...parent,
    path: 'books',
    validateSearch: (search: Search): BooksFilters => ({
      tab: oneOf(BOOKS_TABS, search['tab']),
      from: textOf(search['from']),
      to: textOf(search['to']),
      by: oneOf(['posting', 'service'] as const, search['by']),
      account_id: textOf(search['account_id']),
    }),
    component: lazyRouteComponent(() => import('./books-page.tsx'), 'BooksPage'),
  }),
  createRoute({
    ...parent,
    path: 'close',
    validateSearch: (search: Search): { readonly job?: string | undefined } => ({ job: textOf(search['job']) }),
    component: lazyRouteComponent(() => import('./close-page.tsx'), 'ClosePage'),
  }),
  createRoute({
    ...parent,
    path: 'exports',
    component: lazyRouteComponent(() => import('./exports-page.tsx'), 'ExportsPage'),
  }),
  createRoute({
    ...parent,
    path: 'search',
    validateSearch: (search: Search): { readonly q?: string | undefined } => ({ q: textOf(search['q']) }),
    component: lazyRouteComponent(() => import('./search-page.tsx'), 'FinanceSearchPage'),
  }),
] as const;
