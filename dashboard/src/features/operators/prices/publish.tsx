import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { documentOf, type Draft } from './draft.ts';
import { EffectiveFrom } from './effective-from.tsx';
import { PublishForm, useShowPublished } from './publish-form.tsx';

export interface PublishProps {
  readonly draft: Draft;
  readonly check: Schema<'PriceListCheck'>;
  readonly isChecking: boolean;
  readonly onChange: (draft: Draft | null) => void;
}

/** From when, why, and with which warnings accepted; then it is published. */
export function Publish({ draft, check: { faults, warnings, changes }, isChecking, onChange }: PublishProps) {
  const { t } = useTranslation('operators');
  const { effectiveFrom, ...rest } = draft;
  const show = useShowPublished();
  const publish = api.useMutation('post', '/api/operator/price-lists', {
    onSuccess: async ({ version }) => {
      onChange(null);
      await show(version);
    },
  });
  return (
    <PublishForm
      warnings={warnings}
      mayPublish={faults.length === 0 && changes.length > 0 && !isChecking}
      isPending={publish.isPending}
      error={publish.error}
      onPublish={(given) =>
        publish.mutate({ body: { ...documentOf(draft), expected_version: draft.newest, ...given } })
      }
      notes={
        <>
          {faults.length > 0 && <Text>{t('draft.mendFirst', { count: faults.length })}</Text>}
          {faults.length === 0 && changes.length === 0 && <Text>{t('draft.sameAsNow')}</Text>}
        </>
      }
    >
      <EffectiveFrom
        at={effectiveFrom}
        onChange={(at) => onChange(at === undefined ? rest : { ...rest, effectiveFrom: at })}
      />
    </PublishForm>
  );
}
