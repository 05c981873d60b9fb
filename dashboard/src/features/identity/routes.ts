import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { authRoute } from '../../app/layouts.tsx';

/** Where to go after the login: a path of ours. */
const withNext = ({ next }: Record<string, unknown>): { next?: string } => (typeof next === 'string' ? { next } : {});

export const identityAuthRoutes = [
  createRoute({
    getParentRoute: () => authRoute,
    path: 'login',
    validateSearch: withNext,
    component: lazyRouteComponent(() => import('./login-page.tsx'), 'LoginPage'),
  }),
  createRoute({
    getParentRoute: () => authRoute,
    path: 'second-factor',
    validateSearch: withNext,
    component: lazyRouteComponent(() => import('./login-page.tsx'), 'LoginPage'),
  }),
] as const;

export const identityAccountRoutes = [] as const;
export const identityOperatorRoutes = [] as const;
