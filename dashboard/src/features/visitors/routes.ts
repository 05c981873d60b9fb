import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { publicRoute } from '../../app/layouts.tsx';

export const visitorsRoutes = [
  createRoute({
    getParentRoute: () => publicRoute,
    path: '/',
    component: lazyRouteComponent(() => import('./front-page.tsx'), 'FrontPage'),
  }),
] as const;

export const visitorsOperatorRoutes = [] as const;
