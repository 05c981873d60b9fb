import { Button, Group, Radio, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { FailureNotice } from '../../../ui/failure-notice.tsx';
import { instantText } from '../../../ui/instant.tsx';
import { JobProgress } from '../../../ui/job-progress.tsx';
import { Link } from '../../../ui/link.tsx';
import { Page } from '../../../ui/page.tsx';
import { QueryState } from '../../../ui/query-state.tsx';
import { POLICIES } from '../searches.ts';
import { fieldOf, instantOf } from '../utc.ts';
import { FoundRun } from './found-run.tsx';

type Version = Schema<'PriceListVersion'>;

const route = getRouteApi('/person/operator/reratings/new');

/** Asks what another version would change of the past: a dry run, which proposes it. */
export function NewReratingPage() {
  const { t } = useTranslation('operators');
  const { job } = route.useSearch();
  const versions = api.useQuery('get', '/api/operator/price-lists');
  return (
    <Page title={t('runs.new')} description={t('runs.newWhat')}>
      <Link to="/operator/reratings">{t('runs.back')}</Link>
      {job === undefined ? (
        <QueryState query={versions} lines={8}>
          {({ data }) => <Propose versions={data.filter(({ state }) => state !== 'withdrawn')} />}
        </QueryState>
      ) : (
        <JobProgress id={job} audience="operator">
          {(found) => <FoundRun job={found} />}
        </JobProgress>
      )}
    </Page>
  );
}

/** The form, and what it asks for; nothing while no version is chosen. */
function useAsked(versions: readonly Version[]) {
  const search = route.useSearch();
  const form = useForm({
    initialValues: {
      version: String(search.price_version ?? versions.find(({ state }) => state === 'in_force')?.version ?? ''),
      from: fieldOf(search.from ?? ''),
      to: fieldOf(search.to ?? new Date().toISOString()),
      account: search.account_id ?? '',
      model: search.model ?? '',
      policy: search.policy ?? ('absorb' as const satisfies (typeof POLICIES)[number]),
      reason: '',
    },
  });
  const asked = () => {
    const { version, from, to, account, model, policy } = form.values;
    const of = versions.find((each) => String(each.version) === version);
    return (
      of && {
        price_version: of.version,
        from: instantOf(from),
        to: instantOf(to),
        policy,
        ...(account.trim() !== '' && { account_id: account.trim() }),
        ...(model.trim() !== '' && { model: model.trim() }),
      }
    );
  };
  return { form, asked };
}

function Propose({ versions }: { readonly versions: readonly Version[] }) {
  const { t } = useTranslation('operators');
  const navigate = route.useNavigate();
  const onSuccess = ({ id }: { readonly id: string }) => navigate({ search: { job: id } });
  const propose = api.useMutation('post', '/api/operator/reratings', { onSuccess });
  const look = api.useMutation('post', '/api/operator/reratings/dry-runs', { onSuccess });
  const { form, asked } = useAsked(versions);
  const submit = form.onSubmit(({ reason }) => {
    const body = asked();
    if (body !== undefined) propose.mutate({ body: { ...body, reason: reason.trim() } });
  });
  const onlyLook = () => {
    const body = asked();
    if (body !== undefined) look.mutate({ body });
  };
  const nameOf = ({ version, effective_from: from }: Version): string =>
    t('runs.versionFrom', { version, from: instantText(from) });
  return (
    <form onSubmit={submit}>
      <Stack maw={640}>
        <Select
          label={t('runs.version')}
          required
          allowDeselect={false}
          data={versions.map((each) => ({ value: String(each.version), label: nameOf(each) }))}
          {...form.getInputProps('version')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            type="datetime-local"
            step={1}
            label={t('runs.fromUtc')}
            required
            {...form.getInputProps('from')}
          />
          <TextInput type="datetime-local" step={1} label={t('runs.toUtc')} required {...form.getInputProps('to')} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('runs.onlyAccount')} {...form.getInputProps('account')} />
          <TextInput label={t('runs.onlyModel')} {...form.getInputProps('model')} />
        </SimpleGrid>
        <Radio.Group label={t('runs.policy')} {...form.getInputProps('policy')}>
          <Stack gap="xs" mt="xs">
            {POLICIES.map((policy) => (
              <Radio key={policy} value={policy} label={t(`runs.policies.${policy}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea label={t('suspend.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
        <FailureNotice error={propose.error ?? look.error} />
        <Group>
          <Button type="submit" loading={propose.isPending}>
            {t('runs.propose')}
          </Button>
          <Button variant="default" onClick={onlyLook} loading={look.isPending}>
            {t('runs.onlyLook')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
