import { Badge, Button, Code, Group, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { countText, durationText } from '../../ui/instant.tsx';
import { Status, type Tone } from '../../ui/status.tsx';
import type { ReplayWish } from './start-replay.tsx';

type Projection = Schema<'ProjectionShown'>;
const TONES: Readonly<Record<Projection['state'], Tone>> = {
  live: 'good',
  building: 'waiting',
  idle: 'neutral',
  stopped: 'bad',
};

interface ProjectionTableProps {
  readonly rows: readonly Projection[];
  readonly caption: string;
  readonly onWish: (wish: ReplayWish) => void;
}

/** Every read model: its version, how far it is, and what is made beside it. */
export function ProjectionTable({ rows, caption, onWish }: ProjectionTableProps) {
  const { t } = useTranslation('ledger');
  return (
    <DataTable
      name="projections"
      label={t('projections.title')}
      columns={useColumns(onWish)}
      rows={rows}
      rowKey={({ name }) => name}
      empty={t('projections.empty')}
      filters={<Text size="sm">{caption}</Text>}
    />
  );
}

function useColumns(onWish: ProjectionTableProps['onWish']): readonly Column<Projection>[] {
  const { t } = useTranslation('ledger');
  return [
    { key: 'name', header: t('projections.name'), cell: (row) => <Name row={row} /> },
    {
      key: 'state',
      header: t('projections.state'),
      cell: ({ state }) => <Status tone={TONES[state]}>{t(`projections.states.${state}`)}</Status>,
    },
    { key: 'position', header: t('projections.position'), isNumeric: true, cell: (row) => countText(row.position) },
    { key: 'lag', header: t('projections.lag'), isNumeric: true, cell: (row) => <Behind row={row} /> },
    {
      key: 'speed',
      header: t('projections.speed'),
      isNumeric: true,
      isExtra: true,
      cell: ({ events_per_second: speed }) => (speed === null ? '–' : countText(speed)),
    },
    { key: 'release', header: t('projections.release'), isExtra: true, cell: ({ release }) => release ?? '–' },
    { key: 'work', header: t('projections.work'), cell: ({ work }) => <Work work={work} /> },
    { key: 'acts', header: t('projections.acts'), cell: (row) => <Acts row={row} onWish={onWish} /> },
  ];
}

function Name({ row: { name, version, this_release } }: { readonly row: Projection }) {
  const { t } = useTranslation('ledger');
  return (
    <Group gap={6} wrap="nowrap">
      <Code>{name}</Code>
      <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        {t('projections.version', { version })}
      </Text>
      {!this_release && (
        <Badge variant="default" tt="none">
          {t('projections.otherRelease')}
        </Badge>
      )}
    </Group>
  );
}

function Behind({ row: { lag_events, lag_seconds, seconds_left, state } }: { readonly row: Projection }) {
  const { t } = useTranslation('ledger');
  if (lag_events === 0) return t('projections.none');
  return (
    <Stack gap={0}>
      <span>{t('projections.behind', { events: countText(lag_events), time: durationText(lag_seconds) })}</span>
      {state === 'building' && seconds_left !== null && (
        <Text size="xs" c="dimmed">
          {t('projections.left', { time: durationText(seconds_left) })}
        </Text>
      )}
    </Stack>
  );
}

function Work({ work }: { readonly work: Projection['work'] }) {
  const { t } = useTranslation('ledger');
  if (work === null) return '–';
  return (
    <Stack gap={2} miw={120}>
      <Text size="sm">{t(`projections.working.${work.kind}.${work.state}`, { percent: work.percent })}</Text>
      {work.state === 'running' && (
        <Progress
          value={work.percent}
          aria-label={t(`projections.working.${work.kind}.running`, { percent: work.percent })}
        />
      )}
    </Stack>
  );
}

function Acts({ row, onWish }: { readonly row: Projection; readonly onWish: ProjectionTableProps['onWish'] }) {
  const { t } = useTranslation('ledger');
  const { name, this_release, work } = row;
  if (!this_release) return null;
  const isBusy = work !== null && work.state !== 'interrupted';
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        disabled={isBusy}
        aria-label={t('projections.rebuildOne', { name })}
        onClick={() => onWish({ views: [name], diff: false })}
      >
        {t('projections.rebuild')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={isBusy}
        aria-label={t('projections.compareOne', { name })}
        onClick={() => onWish({ views: [name], diff: true })}
      >
        {t('projections.compare')}
      </Button>
    </Group>
  );
}
