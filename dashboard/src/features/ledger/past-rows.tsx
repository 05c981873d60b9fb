import { Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { countText } from '../../ui/instant.tsx';
import { type Job, JobProgress } from '../../ui/job-progress.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';

const VIEWS = ['balances', 'charges', 'lots', 'reratings'] as const;

export interface PastRowsProps {
  /** The job that reads them; undefined before one was asked for. */
  readonly job: string | undefined;
  readonly onStart: (job: string) => void;
}

/** What a read model held at an instant, or at a place in the log: made from the events until then, and kept nowhere. */
export function PastRows({ job, onStart }: PastRowsProps) {
  const { t } = useTranslation('ledger');
  const start = api.useMutation('post', '/api/operator/replays/until', { onSuccess: ({ id }) => onStart(id) });
  const form = useForm({ initialValues: { view: 'balances', at: '', position: '' as number | string, account: '' } });
  const submit = form.onSubmit(({ view, at, position, account }) =>
    start.mutate({
      body: {
        view,
        ...(at !== '' && { as_of: new Date(`${at}Z`).toISOString() }),
        ...(typeof position === 'number' && { position }),
        ...(account.trim() !== '' && { account_id: account.trim() }),
      },
    }),
  );
  return (
    <Stack gap="sm">
      <form onSubmit={submit}>
        <Stack gap="sm" maw={640}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NativeSelect label={t('past.view')} data={VIEWS} {...form.getInputProps('view')} />
            <TextInput label={t('past.account')} {...form.getInputProps('account')} />
            <TextInput type="datetime-local" step={1} label={t('past.at')} {...form.getInputProps('at')} />
            <NumberInput
              label={t('past.position')}
              min={1}
              allowDecimal={false}
              hideControls
              {...form.getInputProps('position')}
            />
          </SimpleGrid>
          <FailureNotice error={start.error} />
          <Group>
            <Button type="submit" variant="default" loading={start.isPending}>
              {t('past.show')}
            </Button>
          </Group>
        </Stack>
      </form>
      {job !== undefined && (
        <JobProgress id={job} audience="operator">
          {({ result }) => <Rows result={result} />}
        </JobProgress>
      )}
    </Stack>
  );
}

interface Found {
  readonly view: string;
  readonly position: number;
  readonly row_count: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const textOf = (value: unknown): string =>
  value === undefined || value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

function Rows({ result }: Pick<Job, 'result'>) {
  const { t } = useTranslation('ledger');
  if (result === null) return null;
  const { view, position, row_count: count, rows } = result as unknown as Found;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const about = t('past.found', { view, position: countText(position), count });
  return (
    <Stack gap="xs">
      <Text role="status">{about}</Text>
      {rows.length < count && <Text size="sm">{t('past.first', { shown: countText(rows.length) })}</Text>}
      {rows.length > 0 && (
        <PlainTable<Found['rows'][number]>
          label={about}
          rows={rows}
          rowKey={(row) => textOf(row['id'])}
          columns={names.map((name) => ({ key: name, header: name, cell: (row) => textOf(row[name]) }))}
        />
      )}
    </Stack>
  );
}
