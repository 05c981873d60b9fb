// The frames for visitors, and for logging in.
import { Anchor, Box, Card, Container, Group } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../api/client.ts';
import { Link, LinkButton } from '../ui/link.tsx';
import { VISITOR_LINKS } from './navigation.ts';
import { Preferences } from './preferences.tsx';

export function SkipLink() {
  const { t } = useTranslation('app');
  return (
    <a className="skip-link" href="#content">
      {t('skip')}
    </a>
  );
}

export const Brand = () => (
  <Link to="/" c="inherit" underline="never" fw={700} fz="lg">
    token-hub
  </Link>
);

export function PublicShell({ children }: { readonly children?: ReactNode }) {
  const { t } = useTranslation('app');
  const session = useSuspenseQuery(sessionQuery).data;
  return (
    <>
      <SkipLink />
      <Box component="header" className="header">
        <Container size="lg" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="lg" component="nav" aria-label={t('navigation')}>
              <Brand />
              {VISITOR_LINKS.map(({ to, label }) => (
                <Link key={to} to={to} visibleFrom="sm">
                  {t(`nav.${label}`)}
                </Link>
              ))}
            </Group>
            <Group gap="xs" wrap="nowrap">
              <Preferences />
              {session.logged_in ? (
                <LinkButton to="/overview" size="xs">
                  {t('nav.dashboard')}
                </LinkButton>
              ) : (
                <LinkButton to="/login" size="xs" variant="default">
                  {t('nav.login')}
                </LinkButton>
              )}
            </Group>
          </Group>
        </Container>
      </Box>
      <Container component="main" id="content" tabIndex={-1} size="lg" py="xl">
        {children ?? <Outlet />}
      </Container>
      <Footer />
    </>
  );
}

function Footer() {
  const { t } = useTranslation('app');
  return (
    <Container component="footer" size="lg" py="xl">
      <Group gap="lg">
        {VISITOR_LINKS.map(({ to, label }) => (
          <Link key={to} to={to} size="sm">
            {t(`nav.${label}`)}
          </Link>
        ))}
        <Anchor href="/api/openapi.json" size="sm">
          OpenAPI
        </Anchor>
      </Group>
    </Container>
  );
}

export const AuthShell = () => (
  <>
    <SkipLink />
    <Box component="header" className="header">
      <Container size="lg" h="100%">
        <Group h="100%" justify="space-between">
          <Brand />
          <Group gap="xs" wrap="nowrap">
            <Preferences />
          </Group>
        </Group>
      </Container>
    </Box>
    <Container component="main" id="content" tabIndex={-1} size={460} py={{ base: 'md', sm: 60 }}>
      <Card withBorder padding="xl">
        <Outlet />
      </Card>
    </Container>
  </>
);
