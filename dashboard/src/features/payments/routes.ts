import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { accountRoute } from '../../app/layouts.tsx';

interface TopupSearch {
  /** The top-up whose checkout the customer comes from. */
  readonly topup?: string;
  /** What became of the checkout, as far as it says. */
  readonly checkout?: 'paid' | 'canceled';
}

const OUTCOMES = ['paid', 'canceled'] as const;

const topupSearch = ({ topup, checkout }: Record<string, unknown>): TopupSearch => {
  const outcome = OUTCOMES.find((each) => each === checkout);
  return { ...(typeof topup === 'string' && { topup }), ...(outcome !== undefined && { checkout: outcome }) };
};

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
