import { Alert, List, Spoiler, Stack, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { countText } from '../../ui/instant.tsx';
import { BookLines } from './book-lines.tsx';
import { JobCard } from './job-card.tsx';
import { FOLLOWED, JobList } from './job-list.tsx';

type Verification = Schema<'Verification'>;
type Found = Schema<'VerificationResult'>;

/** What verifications found, newest first, with progress while one runs. */
export function Verifications() {
  const { t } = useTranslation('ledger');
  const runs = api.useInfiniteQuery('get', '/api/operator/verify', { params: { query: { limit: 5 } } }, FOLLOWED);
  return (
    <JobList query={runs} empty={t('integrity.noRuns')}>
      {(run) => <VerificationCard key={run.id} run={run} />}
    </JobList>
  );
}

function VerificationCard({ run }: { readonly run: Verification }) {
  const { t } = useTranslation('ledger');
  return (
    <JobCard job={run} title={titleOf(t, run)}>
      {run.result !== null && <VerificationResult found={run.result} />}
    </JobCard>
  );
}

function titleOf(t: TFunction<'ledger'>, { account_id, since, read_models }: Verification): string {
  if (account_id !== null) return t('integrity.ofAccount', { account: account_id });
  if (since !== null) return t('integrity.ofSince', { count: since, events: countText(since) });
  return t(read_models ? 'integrity.ofAll' : 'integrity.ofEvents');
}

export function VerificationResult({ found }: { readonly found: Found }) {
  const { t } = useTranslation('ledger');
  const { is_right, fault_count, faults, warnings } = found;
  return (
    <Stack gap="xs">
      <Alert
        color={is_right ? 'green' : 'red'}
        role={is_right ? 'status' : 'alert'}
        title={is_right ? t('integrity.right') : t('integrity.wrong', { count: fault_count })}
      >
        <Spoiler maxHeight={160} showLabel={t('integrity.allFaults')} hideLabel={t('integrity.fewerFaults')}>
          <List size="sm">
            {faults.map((sentence) => (
              <List.Item key={sentence} style={{ overflowWrap: 'anywhere' }}>
                {sentence}
              </List.Item>
            ))}
          </List>
          <Text size="sm">{is_right ? <Figures found={found} /> : t('integrity.whatNow')}</Text>
        </Spoiler>
      </Alert>
      {warnings.map((sentence) => (
        <Text size="sm" key={sentence}>
          {sentence}
        </Text>
      ))}
      <TrialBalance lines={found.trial_balance} />
    </Stack>
  );
}

function Figures({ found }: { readonly found: Found }) {
  const { t } = useTranslation('ledger');
  const { events, streams, accounts, charges, checkpoints, read_models } = found;
  const counts = { events, streams, accounts, charges, checkpoints, readModels: read_models };
  const shown = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, countText(count)]));
  return <>{t('integrity.figures', shown as Record<keyof typeof counts, string>)}</>;
}

function TrialBalance({ lines }: { readonly lines: Found['trial_balance'] }) {
  const { t } = useTranslation('ledger');
  if (lines.length === 0) return null;
  return (
    <Spoiler maxHeight={0} showLabel={t('integrity.trialBalance')} hideLabel={t('integrity.hideTrialBalance')}>
      <BookLines
        label={t('integrity.trialBalance')}
        lines={lines.map(({ balance, ...line }) => ({ ...line, amount: balance }))}
      />
    </Spoiler>
  );
}
