import { Alert, Anchor, List, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, queryClient, type Schema } from '../../../api/client.ts';
import { inWords } from '../../../app/i18n.ts';
import { Link } from '../../../ui/link.tsx';
import { Page } from '../../../ui/page.tsx';
import { Empty, QueryState } from '../../../ui/query-state.tsx';
import { ChangesTable } from './changes-table.tsx';
import { documentOf, type Draft, useDraft } from './draft.ts';
import { DraftModels } from './draft-models.tsx';
import { Publish } from './publish.tsx';

const PAUSE_MS = 400;

/** The editor of a draft. What is typed stays in this browser; the server says at once what is wrong with it. */
export function DraftPage() {
  const { t } = useTranslation('operators');
  const [draft, setDraft] = useDraft();
  return (
    <Page title={t('draft.title')} description={t('draft.description')}>
      <Link to="/operator/prices">{t('prices.back')}</Link>
      {draft === null ? <Empty>{t('draft.none')}</Empty> : <DraftView draft={draft} onChange={setDraft} />}
    </Page>
  );
}

interface DraftViewProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft | null) => void;
}

function DraftView({ draft, onChange }: DraftViewProps) {
  const { t } = useTranslation('operators');
  const check = useCheck(draft);
  const [edited, setEdited] = useState<string>();
  const faults = (check.data?.faults ?? []).map((fault) => ({ ...fault, message: inWords(fault.message) }));
  return (
    <Stack gap="lg">
      {draft.base !== null && <Text>{t('draft.base', { version: draft.base })}</Text>}
      <Faults faults={faults} models={draft.models} edit={setEdited} />
      <DraftModels draft={draft} faults={faults} onChange={onChange} edited={edited} edit={setEdited} />
      <QueryState query={check} lines={4}>
        {(found) => (
          <>
            {found.faults.length === 0 && (
              <section>
                <Title order={2}>{t('draft.changes')}</Title>
                <ChangesTable changes={found.changes} />
              </section>
            )}
            <Publish draft={draft} check={found} isChecking={check.isFetching} onChange={onChange} />
          </>
        )}
      </QueryState>
    </Stack>
  );
}

/** What the server finds in the draft, a moment after it was changed. */
function useCheck(draft: Draft) {
  const [settled] = useDebouncedValue(draft, PAUSE_MS);
  return useQuery(
    {
      queryKey: ['price-list-check', settled],
      placeholderData: keepPreviousData,
      async queryFn({ signal }) {
        const { data } = await client.POST('/api/operator/price-lists/check', { body: documentOf(settled), signal });
        if (data === undefined) throw new Error('the check has no answer');
        return data;
      },
    },
    queryClient,
  );
}

interface FaultsProps {
  readonly faults: readonly Schema<'Fault'>[];
  readonly models: Draft['models'];
  readonly edit: (model: string) => void;
}

const MODEL_AT = /^models\[\d+\]/;

function Faults({ faults, models, edit }: FaultsProps) {
  const { t } = useTranslation('operators');
  if (faults.length === 0) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t('draft.faults', { count: faults.length })}>
      <List size="sm">
        {faults.map(({ path, message }) => {
          const model = models.find((_, index) => path.startsWith(`models[${index}]`))?.model;
          return (
            <List.Item key={`${path} ${message}`}>
              {model === undefined ? (
                path
              ) : (
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  c="inherit"
                  td="underline"
                  onClick={() => edit(model)}
                >
                  {model}
                </Anchor>
              )}
              {': '}
              {path.replace(MODEL_AT, '').replace(/^\./, '')} {message}
            </List.Item>
          );
        })}
      </List>
    </Alert>
  );
}
