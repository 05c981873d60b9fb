import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { accountRoute } from '../../app/layouts.tsx';
import { defined, oneOf, type Search, textOf } from '../../ui/address.ts';

interface TopupSearch {
  /** The top-up whose checkout the customer comes from. */
  readonly topup?: string;
  /** What became of the checkout, as far as it says. */
  readonly checkout?: 'paid' | 'canceled';
}

const OUTCOMES = ['paid', 'canceled'] as const;

const topupSearch = ({ topup, checkout }: Search): TopupSearch =>
  defined({ topup: textOf(topup), checkout: oneOf(OUTCOMES, checkout) });

export const paymentsRoutes = [
  createRoute({
    getParentRoute: () => accountRoute,
    path: 'topup',
    validateSearch: topupSearch,
    component: lazyRouteComponent(() => import('./topup-page.tsx'), 'TopupPage'),
  }),
  createRoute({
    getParentRoute: () => accountRoute,
    path: 'statements',
    component: lazyRouteComponent(() => import('./statements-page.tsx'), 'StatementsPage'),
  }),
] as const;
