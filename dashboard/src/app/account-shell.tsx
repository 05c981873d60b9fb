// The frame for whoever is logged in.
import { AppShell, Box, Burger, Container, Group, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery, sessionQuery } from '../api/client.ts';
import { focusContent, isFocusLost } from '../ui/focus.ts';
import { NavLink } from '../ui/nav-link.tsx';
import { GROUPS } from './navigation.ts';
import { Preferences } from './preferences.tsx';
import { Brand, SkipLink } from './shells.tsx';
import { isTypedInto } from './typed.ts';
import { UserMenu } from './user-menu.tsx';

export function AccountShell() {
  const { t } = useTranslation('app');
  const [isOpen, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(close, [path, close]);
  useContentFocused();
  const router = useRouter();
  useSamePerson();
  const { logged_in: isLoggedIn } = useSuspenseQuery(sessionQuery).data;
  // What was typed stays until it is sent: whoever sends it is told to log in again in another tab.
  const mustLeave = !isLoggedIn && !isTypedInto();
  // Whether this page may be seen is asked again, and leads to the login.
  useEffect(() => {
    if (mustLeave) void router.invalidate();
  }, [mustLeave, router]);
  if (mustLeave) return null;
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="lg"
    >
      <SkipLink />
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('navigation')}
              aria-expanded={isOpen}
            />
            <Brand />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Preferences />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={t('navigation')}>
        <ScrollArea p="xs">
          <Navigation />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Container size="xl" px={0}>
          <Outlet />
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

/** Nothing of one person is shown to another who has logged in in another tab, nor sent in their name. */
function useSamePerson() {
  const { user_id: userId } = useSuspenseQuery(meQuery).data;
  const [first] = useState(userId);
  useEffect(() => {
    if (userId !== first) window.location.reload();
  }, [userId, first]);
}

/** Gives the focus to a page whose link is gone with the page before. */
function useContentFocused() {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    const isOther = before.current !== undefined && before.current !== path;
    if (isOther && isFocusLost()) focusContent();
    before.current = path;
  }, [path]);
}

/** Whoever has a role has more pages than fit below each other. */
function useOpenPageInView() {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const links = useRef<HTMLDivElement>(null);
  useEffect(() => {
    links.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest' });
  }, [path]);
  return links;
}

function Navigation() {
  const { t } = useTranslation('app');
  const links = useOpenPageInView();
  const { roles } = useSuspenseQuery(meQuery).data;
  const groups = GROUPS.filter(({ role }) => role === 'customer' || roles.includes(role));
  return (
    <Box ref={links}>
      {groups.map(({ role, links: pages }) => (
        <Box key={role} mb="md">
          {groups.length > 1 && (
            <Text size="xs" fw={600} c="dimmed" px="sm" pb={4}>
              {t(`nav.group.${role}`)}
            </Text>
          )}
          {pages.map(({ to, label }) => (
            <NavLink
              key={to}
              to={to}
              label={t(`nav.${label}`)}
              activeOptions={{ exact: to.split('/').length === 2, includeSearch: false }}
            />
          ))}
        </Box>
      ))}
    </Box>
  );
}
