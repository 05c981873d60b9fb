import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { operatorRoute, publicRoute } from '../../app/layouts.tsx';

export interface PricingSearch {
  readonly search?: string;
  readonly provider?: string;
  readonly kind?: string;
  /** Also models that can’t be called here now. */
  readonly all?: true;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Only what is set stands in the address. */
export function pricingSearch(given: Record<string, unknown>): PricingSearch {
  const [search, provider, kind] = [text(given['search']), text(given['provider']), text(given['kind'])];
  return {
    ...(search !== undefined && { search }),
    ...(provider !== undefined && { provider }),
    ...(kind !== undefined && { kind }),
    ...(given['all'] === true && { all: true }),
  };
}

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
