import { Alert, Code, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { countText, durationText, Instant } from '../../ui/instant.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { Status, type Tone } from '../../ui/status.tsx';

type Integrity = Schema<'Integrity'>;
type Place = Schema<'CheckpointPlaceShown'>;

/** The newest checkpoint, and what came after it. */
export function Seal({ integrity }: { readonly integrity: Integrity }) {
  const { t } = useTranslation('ledger');
  const { is_sealed, checkpoint, age_seconds, unsealed_events, seal_every_seconds, fault, places, keys } = integrity;
  if (!is_sealed)
    return (
      <Alert color="yellow" title={t('integrity.noKeyTitle')}>
        {t('integrity.noKey')}
      </Alert>
    );
  return (
    <Stack gap="md">
      {fault !== null && (
        <Alert color="red" title={t('integrity.fault')}>
          {fault}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
        <Figure label={t('integrity.newest')}>
          {checkpoint === null
            ? t('integrity.none')
            : t('integrity.events', { count: checkpoint.size, events: countText(checkpoint.size) })}
        </Figure>
        <Figure label={t('integrity.signed')}>
          <Instant at={checkpoint?.signed_at} style="second" />
        </Figure>
        <Figure label={t('integrity.age')}>{age_seconds === null ? '–' : durationText(age_seconds)}</Figure>
        <Figure label={t('integrity.unsealed', { time: durationText(seal_every_seconds) })}>
          {countText(unsealed_events)}
        </Figure>
      </SimpleGrid>
      {checkpoint !== null && <CodeBlock label={t('integrity.note')} code={checkpoint.note} />}
      <Places places={places} />
      <Witness keys={keys} />
    </Stack>
  );
}

const Figure = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <Paper withBorder p="md">
    <Text size="sm" c="dimmed">
      {label}
    </Text>
    <Text fw={600} component="div">
      {children}
    </Text>
  </Paper>
);

const TONES: Readonly<Record<Place['state'], Tone>> = {
  current: 'good',
  behind: 'waiting',
  unreachable: 'bad',
  write_only: 'neutral',
};

function Places({ places }: { readonly places: readonly Place[] }) {
  const { t } = useTranslation('ledger');
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t('integrity.places')}
      </Title>
      {places.length === 0 ? (
        <Text size="sm">{t('integrity.noPlaces')}</Text>
      ) : (
        <PlainTable
          label={t('integrity.places')}
          rows={places}
          rowKey={({ name }) => name}
          columns={[
            {
              key: 'place',
              header: t('integrity.place'),
              cell: ({ name, fault }) => (
                <>
                  <Code>{name}</Code>
                  {fault !== null && <Text size="sm">{fault}</Text>}
                </>
              ),
            },
            {
              key: 'state',
              header: t('integrity.state'),
              cell: ({ state }) => <Status tone={TONES[state]}>{t(`integrity.placeState.${state}`)}</Status>,
            },
            {
              key: 'newest',
              header: t('integrity.newestThere'),
              isNumeric: true,
              cell: ({ newest_size: size }) => (size === null ? '–' : countText(size)),
            },
            {
              key: 'checkpoints',
              header: t('integrity.howMany'),
              isNumeric: true,
              cell: ({ checkpoints }) => (checkpoints === null ? '–' : countText(checkpoints)),
            },
          ]}
        />
      )}
    </Stack>
  );
}

/** Whoever watches from outside needs the public key, and this command. */
function Witness({ keys }: { readonly keys: readonly string[] }) {
  const { t } = useTranslation('ledger');
  const [newest] = keys;
  if (newest === undefined) return null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t('integrity.witness')}
      </Title>
      <Text size="sm">{t('integrity.whatWitness')}</Text>
      <CodeBlock
        label={t('integrity.witnessCommand')}
        code={`tokenhub witness add ${window.location.origin} --key '${newest}' --folder seen`}
      />
    </Stack>
  );
}
