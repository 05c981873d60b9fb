import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { operatorRoute, publicRoute } from '../../app/layouts.tsx';
import { pricingSearch } from './pricing-search.ts';

export const visitorsRoutes = [
  createRoute({
    getParentRoute: () => publicRoute,
    path: '/',
    component: lazyRouteComponent(() => import('./front-page.tsx'), 'FrontPage'),
  }),
  createRoute({
    getParentRoute: () => publicRoute,
    path: 'pricing',
    validateSearch: pricingSearch,
    component: lazyRouteComponent(() => import('./pricing-page.tsx'), 'PricingPage'),
  }),
  createRoute({
    getParentRoute: () => publicRoute,
    path: 'pricing/$model',
    component: lazyRouteComponent(() => import('./model-price-page.tsx'), 'ModelPricePage'),
  }),
  createRoute({
    getParentRoute: () => publicRoute,
    path: 'docs',
    component: lazyRouteComponent(() => import('./docs/docs-page.tsx'), 'QuickstartPage'),
  }),
  createRoute({
    getParentRoute: () => publicRoute,
    path: 'docs/$page',
    component: lazyRouteComponent(() => import('./docs/docs-page.tsx'), 'DocsPartPage'),
  }),
  createRoute({
    getParentRoute: () => publicRoute,
    path: 'status',
    component: lazyRouteComponent(() => import('./status-page.tsx'), 'StatusPage'),
  }),
] as const;

export const visitorsOperatorRoutes = [
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'providers',
    component: lazyRouteComponent(() => import('./providers-page.tsx'), 'ProvidersPage'),
  }),
] as const;
