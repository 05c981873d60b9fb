import { createRouter } from '@tanstack/react-router';
import { financeRoutes } from '../features/finance/routes.ts';
import { identityAccountRoutes, identityAuthRoutes, identityOperatorRoutes } from '../features/identity/routes.ts';
import { ledgerAccountRoutes, ledgerFinanceRoutes, ledgerOperatorRoutes } from '../features/ledger/routes.ts';
import { operatorRoutes } from '../features/operators/routes.ts';
import { paymentsRoutes } from '../features/payments/routes.ts';
import { usageRoutes } from '../features/usage/routes.ts';
import { visitorsOperatorRoutes, visitorsRoutes } from '../features/visitors/routes.ts';
import { Failed, NotFound, Waiting } from './fallbacks.tsx';
import {
  accountRoute,
  authRoute,
  financeRoute,
  operatorRoute,
  personRoute,
  publicRoute,
  rootRoute,
} from './layouts.tsx';

const routeTree = rootRoute.addChildren([
  publicRoute.addChildren(visitorsRoutes),
  authRoute.addChildren(identityAuthRoutes),
  personRoute.addChildren([
    accountRoute.addChildren([...usageRoutes, ...paymentsRoutes, ...ledgerAccountRoutes, ...identityAccountRoutes]),
    financeRoute.addChildren([...financeRoutes, ...ledgerFinanceRoutes]),
    operatorRoute.addChildren([
      ...operatorRoutes,
      ...ledgerOperatorRoutes,
      ...visitorsOperatorRoutes,
      ...identityOperatorRoutes,
    ]),
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: Waiting,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
