import { Alert, Card, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { countText, durationText, Instant } from '../../ui/instant.tsx';
import { Lag } from '../../ui/lag.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Status } from '../../ui/status.tsx';
import { makerName } from './names.ts';

const EVERY_MS = 15_000;
/** Less is the usual way of a read model. */
const WORTH_TELLING_SECONDS = 2;
export const TONES = { operational: 'good', degraded: 'waiting', down: 'bad', idle: 'neutral' } as const;
type Shown = Schema<'PublicStatusShown'>;

export function StatusPage() {
  const { t } = useTranslation('visitors');
  const status = api.useQuery('get', '/api/status', {}, { refetchInterval: EVERY_MS });
  return (
    <Page title={t('status.title')} description={status.data && <Lag asOf={status.data.as_of} />}>
      <QueryState query={status} lines={14}>
        {(shown) => (
          <Stack gap="xl">
            <Card withBorder padding="lg" role="status">
              <Group>
                <Status tone={TONES[shown.status]}>{t(`state.${shown.status}`)}</Status>
                <Text fw={600}>{t(`status.overall.${shown.status}`)}</Text>
              </Group>
            </Card>
            {shown.sandbox && <Alert color="blue">{t('status.sandbox')}</Alert>}
            <Components shown={shown} />
            <Providers shown={shown} />
            <Text size="sm" c="dimmed">
              {t('status.scope', { minutes: shown.window_minutes })} <Instant at={shown.started_at} />
            </Text>
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

function Components({ shown }: { readonly shown: Shown }) {
  const { t } = useTranslation('visitors');
  const { components, lag_seconds: lag } = shown;
  return (
    <section aria-labelledby="components">
      <Title order={2} id="components" mb="xs">
        {t('status.components')}
      </Title>
      <Table>
        <Table.Tbody>
          {components.map(({ name, status, since }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={500}>
                {t(`status.component.${name}`)}
                {name === 'read_models' && lag !== null && lag > WORTH_TELLING_SECONDS && (
                  <Text size="sm" c="dimmed">
                    {t('status.lag', { time: durationText(lag) })}
                  </Text>
                )}
              </Table.Th>
              <Table.Td>
                <Status tone={TONES[status]}>{t(`state.${status}`)}</Status>
              </Table.Td>
              <Table.Td visibleFrom="sm">
                {t('status.since')} <Instant at={since} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Providers({ shown }: { readonly shown: Shown }) {
  const { t } = useTranslation('visitors');
  const milliseconds = (value: number | null) => (value === null ? '–' : t('status.ms', { value: countText(value) }));
  return (
    <section aria-labelledby="providers">
      <Title order={2} id="providers" mb="xs">
        {t('status.providers')}
      </Title>
      <DataTable
        name="status"
        label={t('status.providers')}
        rows={shown.providers}
        rowKey={({ provider }) => provider}
        empty={t('status.noProviders')}
        columns={[
          { key: 'provider', header: t('pricing.provider'), cell: ({ provider }) => makerName(provider) },
          {
            key: 'status',
            header: t('status.state'),
            cell: ({ status }) => <Status tone={TONES[status]}>{t(`state.${status}`)}</Status>,
          },
          { key: 'since', header: t('status.since'), cell: ({ since }) => <Instant at={since} /> },
          { key: 'calls', header: t('status.calls'), isNumeric: true, cell: ({ calls }) => countText(calls) },
          {
            key: 'failed',
            header: t('status.failed'),
            isNumeric: true,
            cell: ({ failed_percent }) => (failed_percent === null ? '–' : `${failed_percent} %`),
          },
          { key: 'p50', header: t('status.p50'), isNumeric: true, cell: (each) => milliseconds(each.latency_ms_p50) },
          { key: 'p95', header: t('status.p95'), isNumeric: true, cell: (each) => milliseconds(each.latency_ms_p95) },
        ]}
      />
    </section>
  );
}
