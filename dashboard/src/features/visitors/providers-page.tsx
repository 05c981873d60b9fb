import { Button, Card, Code, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { countText, Instant } from '../../ui/instant.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Status } from '../../ui/status.tsx';
import { TONES } from './status-page.tsx';

const EVERY_MS = 10_000;
const CIRCUIT_TONES = { closed: 'good', half_open: 'waiting', open: 'bad' } as const;
type Channel = Schema<'ProviderChannel'>;
type ServedModel = Channel['models'][number];

/** Channels and providers, for operators: what they serve, how they do, what they last complained about. */
export function ProvidersPage() {
  const { t } = useTranslation('visitors');
  const providers = api.useQuery('get', '/api/operator/providers', {}, { refetchInterval: EVERY_MS });
  return (
    <Page title={t('channels.title')} description={t('channels.description')}>
      <QueryState query={providers} lines={12} isEmpty={({ data }) => data.length === 0} empty={t('channels.none')}>
        {({ data, window_minutes: minutes, started_at: startedAt }) => (
          <Stack>
            <Text size="sm" c="dimmed">
              {t('status.scope', { minutes })} <Instant at={startedAt} />
            </Text>
            {data.map((channel) => (
              <ChannelCard key={channel.name} channel={channel} />
            ))}
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

function ChannelCard({ channel }: { readonly channel: Channel }) {
  const { t } = useTranslation('visitors');
  const { name, host, format, order, weight, status, circuit, rests_until: restsUntil, last_error: error } = channel;
  return (
    <Card withBorder padding="lg" component="section" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h3" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Title>
          <Group gap="xs">
            {channel.sandbox && <Status tone="neutral">{t('channels.sandbox')}</Status>}
            <Status tone={TONES[status]}>{t(`state.${status}`)}</Status>
            <Status tone={CIRCUIT_TONES[circuit]}>{t(`channels.circuit.${circuit}`)}</Status>
          </Group>
        </Group>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('channels.where', { host, format, order, weight })}
        </Text>
        <Figures channel={channel} />
        {restsUntil !== null && (
          <Text size="sm">
            {t('channels.rests')} <Instant at={restsUntil} style="second" />
          </Text>
        )}
        <Text size="sm">
          {error === null ? (
            t('channels.noError')
          ) : (
            <>
              {t('channels.lastError')} <Instant at={error.at} style="second" />:{' '}
              {error.status !== null && <Code>{error.status}</Code>} {error.reason}
            </>
          )}
        </Text>
        <Models channel={channel} />
      </Stack>
    </Card>
  );
}

function Figures({ channel }: { readonly channel: Channel }) {
  const { t } = useTranslation('visitors');
  const milliseconds = (value: number | null) => (value === null ? '–' : t('status.ms', { value: countText(value) }));
  const figures: readonly (readonly [string, ReactNode])[] = [
    [t('channels.attempts'), countText(channel.calls)],
    [t('status.failed'), channel.failed_percent === null ? '–' : `${channel.failed_percent} %`],
    [t('status.p50'), milliseconds(channel.latency_ms_p50)],
    [t('status.p95'), milliseconds(channel.latency_ms_p95)],
    [t('channels.lastAttempt'), <Instant key="last" at={channel.last_attempt_at} style="second" />],
  ];
  return (
    <SimpleGrid cols={{ base: 2, md: 5 }} component="dl" m={0}>
      {figures.map(([label, value]) => (
        <div key={label}>
          <Text size="xs" c="dimmed" component="dt">
            {label}
          </Text>
          <Text component="dd" m={0} fw={600}>
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

/** Those that are left alone are always told, each in a line; the others on demand. */
function Models({ channel: { name, models } }: { readonly channel: Channel }) {
  const { t } = useTranslation('visitors');
  const [isOpen, setIsOpen] = useState(false);
  const isWell = ({ circuit, rests_until }: ServedModel) => circuit === 'closed' && rests_until === null;
  return (
    <>
      {models
        .filter((model) => !isWell(model))
        .map((model) => (
          <ModelLine key={model.model} model={model} />
        ))}
      <Group gap="xs">
        <Button size="xs" variant="default" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t(isOpen ? 'channels.hideModels' : 'channels.showModels', { count: models.length, name })}
        </Button>
      </Group>
      {isOpen && (
        <Group gap="xs">
          {models.filter(isWell).map(({ model, upstream_model: upstream }) => (
            <Code key={model}>{upstream === model ? model : `${model} → ${upstream}`}</Code>
          ))}
        </Group>
      )}
    </>
  );
}

function ModelLine({ model }: { readonly model: ServedModel }) {
  const { t } = useTranslation('visitors');
  const { model: id, upstream_model: upstream, circuit, rests_until: restsUntil } = model;
  return (
    <Group gap="xs">
      <Code>{upstream === id ? id : `${id} → ${upstream}`}</Code>
      {circuit !== 'closed' && <Status tone={CIRCUIT_TONES[circuit]}>{t(`channels.circuit.${circuit}`)}</Status>}
      {restsUntil !== null && (
        <Text size="sm">
          {t('channels.rests')} <Instant at={restsUntil} style="second" />
        </Text>
      )}
    </Group>
  );
}
