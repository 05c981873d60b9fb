import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { accountRoute } from '../../app/layouts.tsx';
import { usageSearch } from './usage-search.ts';

export const usageRoutes = [
  createRoute({
    getParentRoute: () => accountRoute,
    path: 'overview',
    component: lazyRouteComponent(() => import('./overview-page.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => accountRoute,
    path: 'keys',
    validateSearch: ({ revoked }: Record<string, unknown>): { revoked?: true } => (revoked === true ? { revoked } : {}),
    component: lazyRouteComponent(() => import('./keys-page.tsx'), 'KeysPage'),
  }),
  createRoute({
    getParentRoute: () => accountRoute,
    path: 'usage',
    validateSearch: usageSearch,
    component: lazyRouteComponent(() => import('./usage-page.tsx'), 'UsagePage'),
  }),
  createRoute({
    getParentRoute: () => accountRoute,
    path: 'playground',
    validateSearch: ({ model }: Record<string, unknown>): { model?: string } =>
      typeof model === 'string' ? { model } : {},
    component: lazyRouteComponent(() => import('./playground-page.tsx'), 'PlaygroundPage'),
  }),
] as const;
