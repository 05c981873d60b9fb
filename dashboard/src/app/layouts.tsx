// The frames of pages, and who may see what is within.
import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { useEffect } from 'react';
import { meQuery, queryClient, sessionQuery } from '../api/client.ts';
import { workedIn } from '../features/identity/next.ts';
import { Forbidden, NotFound } from './fallbacks.tsx';
import { AuthShell, PublicShell } from './shells.tsx';

const Nowhere = () => (
  <PublicShell>
    <NotFound />
  </PublicShell>
);
export const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: Nowhere });

export const publicRoute = createRoute({ getParentRoute: () => rootRoute, id: 'public', component: PublicShell });
export const authRoute = createRoute({ getParentRoute: () => rootRoute, id: 'auth', component: AuthShell });

/** Who is not logged in comes back here after the login. */
async function requirePerson({ location: { href: next } }: { location: { href: string } }) {
  const session = await queryClient.ensureQueryData(sessionQuery);
  if (session.code_required) throw redirect({ to: '/second-factor', search: { next } });
  if (!session.logged_in) throw redirect({ to: '/login', search: { next } });
  return { me: await queryClient.ensureQueryData(meQuery) };
}

export const personRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'person',
  beforeLoad: requirePerson,
  component: lazyRouteComponent(() => import('./account-shell.tsx'), 'AccountShell'),
});
export const accountRoute = createRoute({ getParentRoute: () => personRoute, id: 'account' });

const forStaff = (role: 'finance' | 'operator') =>
  function Staff() {
    const { me } = personRoute.useRouteContext();
    const isTheirs = me.roles.includes(role);
    useEffect(() => {
      if (isTheirs) workedIn(role);
    }, [isTheirs]);
    return isTheirs ? <Outlet /> : <Forbidden role={role} />;
  };

export const financeRoute = createRoute({
  getParentRoute: () => personRoute,
  path: 'finance',
  component: forStaff('finance'),
});
export const operatorRoute = createRoute({
  getParentRoute: () => personRoute,
  path: 'operator',
  component: forStaff('operator'),
});
