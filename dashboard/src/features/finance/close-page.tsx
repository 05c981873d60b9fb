import { Stack, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { JobProgress } from '../../ui/job-progress.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { ClosedMonths } from './closed-months.tsx';
import { ProposedMonth } from './proposed-month.tsx';
import { UnclosedMonths } from './unclosed-months.tsx';

const route = getRouteApi('/person/finance/close');

export function ClosePage() {
  const navigate = route.useNavigate();
  const setJob = (job: string | undefined) => void navigate({ search: { job }, replace: true });
  return <Close job={route.useSearch().job} setJob={setJob} />;
}

export interface CloseProps {
  /** The job that closes a month. */
  readonly job: string | undefined;
  readonly setJob: (job: string | undefined) => void;
}

/** Closing months: one person proposes a month, another one closes it. */
export function Close({ job, setJob }: CloseProps) {
  const { t } = useTranslation('finance');
  const periods = api.useQuery('get', '/api/finance/books/periods');
  return (
    <Page title={t('close.title')} description={t('close.description')}>
      {job !== undefined && (
        <JobProgress id={job} audience="finance">
          {({ input }) => <Closed month={String(input['period'])} />}
        </JobProgress>
      )}
      <QueryState query={periods} lines={8}>
        {({ data }) => (
          <Stack gap="xl">
            {data
              .filter(({ status }) => status === 'proposed')
              .map((month) => (
                <ProposedMonth key={month.id} month={month} onClosing={setJob} />
              ))}
            <UnclosedMonths />
            <Stack gap="xs">
              <Title order={2} size="h3">
                {t('close.closed')}
              </Title>
              <ClosedMonths months={data.filter(({ status }) => status === 'closed')} />
            </Stack>
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

function Closed({ month }: { readonly month: string }) {
  const { t } = useTranslation('finance');
  return <Text fw={600}>{t('close.done', { month })}</Text>;
}
