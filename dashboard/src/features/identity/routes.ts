import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { accountRoute, authRoute, operatorRoute } from '../../app/layouts.tsx';
import { loginSearch, peopleSearch, tokenSearch } from './next.ts';

export const identityAuthRoutes = [
  createRoute({
    getParentRoute: () => authRoute,
    path: 'login',
    validateSearch: loginSearch,
    component: lazyRouteComponent(() => import('./login-page.tsx'), 'LoginPage'),
  }),
  createRoute({
    getParentRoute: () => authRoute,
    path: 'register',
    validateSearch: loginSearch,
    component: lazyRouteComponent(() => import('./register-page.tsx'), 'RegisterPage'),
  }),
  createRoute({
    getParentRoute: () => authRoute,
    path: 'verify',
    validateSearch: tokenSearch,
    component: lazyRouteComponent(() => import('./verify-page.tsx'), 'VerifyPage'),
  }),
  createRoute({
    getParentRoute: () => authRoute,
    path: 'forgot',
    component: lazyRouteComponent(() => import('./forgot-page.tsx'), 'ForgotPage'),
  }),
  createRoute({
    getParentRoute: () => authRoute,
    path: 'reset',
    validateSearch: tokenSearch,
    component: lazyRouteComponent(() => import('./reset-page.tsx'), 'ResetPage'),
  }),
  createRoute({
    getParentRoute: () => authRoute,
    path: 'confirm-email',
    validateSearch: tokenSearch,
    component: lazyRouteComponent(() => import('./confirm-email-page.tsx'), 'ConfirmEmailPage'),
  }),
  createRoute({
    getParentRoute: () => authRoute,
    path: 'second-factor',
    validateSearch: loginSearch,
    component: lazyRouteComponent(() => import('./second-factor-page.tsx'), 'SecondFactorPage'),
  }),
] as const;

export const identityAccountRoutes = [
  createRoute({
    getParentRoute: () => accountRoute,
    path: 'account',
    validateSearch: loginSearch,
    component: lazyRouteComponent(() => import('./account-page.tsx'), 'AccountPage'),
  }),
] as const;
export const identityOperatorRoutes = [
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'people',
    validateSearch: peopleSearch,
    component: lazyRouteComponent(() => import('./people-page.tsx'), 'PeoplePage'),
  }),
  createRoute({
    getParentRoute: () => operatorRoute,
    path: 'people/$id',
    component: lazyRouteComponent(() => import('./person-page.tsx'), 'PersonPage'),
  }),
] as const;
