import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { operatorRoute } from '../../app/layouts.tsx';
import { readAccountSearch, readAccountsSearch, readNewRunSearch, readRunSearch, readRunsSearch } from './searches.ts';

export const operatorRoutes = [
  createRoute({
    getParentRoute: () => operatorRoute,
    path: '/',
    component: lazyRouteComponent(() => import('./overview-page.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'accounts',
    validateSearch: readAccountsSearch,
    component: lazyRouteComponent(() => import('./accounts/accounts-page.tsx'), 'AccountsPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'accounts/$id',
    validateSearch: readAccountSearch,
    component: lazyRouteComponent(() => import('./accounts/account-page.tsx'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'prices',
    component: lazyRouteComponent(() => import('./prices/prices-page.tsx'), 'PricesPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'prices/draft',
    component: lazyRouteComponent(() => import('./prices/draft-page.tsx'), 'DraftPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'prices/import',
    component: lazyRouteComponent(() => import('./prices/import-page.tsx'), 'ImportPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'prices/$version',
    component: lazyRouteComponent(() => import('./prices/version-page.tsx'), 'VersionPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'reratings',
    validateSearch: readRunsSearch,
    component: lazyRouteComponent(() => import('./reratings/reratings-page.tsx'), 'ReratingsPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'reratings/new',
    validateSearch: readNewRunSearch,
    component: lazyRouteComponent(() => import('./reratings/new-rerating-page.tsx'), 'NewReratingPage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'reratings/$id',
    validateSearch: readRunSearch,
    component: lazyRouteComponent(() => import('./reratings/rerating-page.tsx'), 'ReratingPage'),
  }),
] as const;
