import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { operatorRoute } from '../../app/layouts.tsx';
import { readAccountSearch, readAccountsSearch } from './searches.ts';

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
] as const;
