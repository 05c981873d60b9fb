import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { accountRoute, financeRoute, operatorRoute } from '../../app/layouts.tsx';
import { readJobsSearch, readLedgerSearch, readProjectionsSearch, readQueueSearch } from './searches.ts';

export const ledgerAccountRoutes = [
  createRoute({
    getParentRoute: () => accountRoute,
    path: 'ledger',
    validateSearch: readLedgerSearch,
    component: lazyRouteComponent(() => import('./ledger-page.tsx'), 'LedgerPage'),
  }),
] as const;

export const ledgerOperatorRoutes = [
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'integrity',
    component: lazyRouteComponent(() => import('./integrity-page.tsx'), 'IntegrityPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'projections',
    validateSearch: readProjectionsSearch,
    component: lazyRouteComponent(() => import('./projections-page.tsx'), 'ProjectionsPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'queue',
    validateSearch: readQueueSearch,
    component: lazyRouteComponent(() => import('./queue-page.tsx'), 'QueuePage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'queue/$id',
    component: lazyRouteComponent(() => import('./queue-item-page.tsx'), 'QueueItemPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'jobs',
    validateSearch: readJobsSearch,
    component: lazyRouteComponent(() => import('./jobs-page.tsx'), 'JobsPage'),
  }),
] as const;

export const ledgerFinanceRoutes = [
  createRoute({
    getParentRoute: () => financeRoute,
    path: 'jobs',
    validateSearch: readJobsSearch,
    component: lazyRouteComponent(() => import('./jobs-page.tsx'), 'FinanceJobsPage'),
  }),
] as const;
