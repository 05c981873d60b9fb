import { Grid, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { NotFound, Waiting } from '../../../app/fallbacks.tsx';
import { NavLink } from '../../../ui/nav-link.tsx';
import { Page } from '../../../ui/page.tsx';
import { Rich } from './rich.tsx';

/** The parts of the documentation; the first one is at /docs itself. */
const PARTS = ['quickstart', 'faq', 'troubleshooting', 'scenarios', 'api'] as const;
type Part = (typeof PARTS)[number];

const CONTENT = {
  quickstart: lazy(() =>
    import('./quickstart.tsx').then(({ Quickstart }) => ({
      default: Quickstart,
    })),
  ),
  faq: lazy(() => import('./faq.tsx').then(({ Faq }) => ({ default: Faq }))),
  troubleshooting: lazy(() =>
    import('./troubleshooting.tsx').then((part) => ({
      default: part.Troubleshooting,
    })),
  ),
  scenarios: lazy(() => import('./scenarios.tsx').then(({ Scenarios }) => ({ default: Scenarios }))),
  api: lazy(() =>
    import('./api-reference.tsx').then((part) => ({
      default: part.ApiReference,
    })),
  ),
};

export const QuickstartPage = () => <DocsPage part="quickstart" />;

const route = getRouteApi('/public/docs/$page');

export function DocsPartPage() {
  const { page } = route.useParams();
  const known = PARTS.find((part) => part === page);
  return known === undefined ? <NotFound /> : <DocsPage part={known} />;
}

export function DocsPage({ part }: { readonly part: Part }) {
  const { t } = useTranslation('docs');
  const Content = CONTENT[part];
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, sm: 3 }} component="nav" aria-label={t('navigation')}>
        <Stack gap={2}>
          {PARTS.map((each) =>
            each === 'quickstart' ? (
              <NavLink key={each} to="/docs" label={t(`${each}.title`)} activeOptions={{ exact: true }} />
            ) : (
              <NavLink key={each} to="/docs/$page" params={{ page: each }} label={t(`${each}.title`)} />
            ),
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 9 }} style={{ minWidth: 0 }}>
        <Page title={t(`${part}.title`)} description={<Rich text={t(`${part}.description`)} />}>
          <Suspense fallback={<Waiting />}>
            <Content />
          </Suspense>
        </Page>
      </Grid.Col>
    </Grid>
  );
}
