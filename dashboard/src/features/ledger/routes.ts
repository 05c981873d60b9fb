import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { accountRoute } from '../../app/layouts.tsx';
import { readLedgerSearch } from './searches.ts';

export const ledgerAccountRoutes = [
  createRoute({
    getParentRoute: () => accountRoute,
    path: 'ledger',
    validateSearch: readLedgerSearch,
    component: lazyRouteComponent(() => import('./ledger-page.tsx'), 'LedgerPage'),
  }),
] as const;

export const ledgerOperatorRoutes = [] as const;
