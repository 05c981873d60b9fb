import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, queryClient } from '../../../api/client.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { useDraft } from './draft.ts';

/** Begins a draft from a version. One that is there already is asked about first. */
export function EditAsDraft({ version }: { readonly version: number }) {
  const { t } = useTranslation('operators');
  const navigate = useNavigate();
  const [draft, setDraft] = useDraft();
  const [isAsking, setIsAsking] = useState(false);
  const begin = async () => {
    const path = { version: String(version) };
    const [list, document] = await Promise.all([
      client.GET('/api/operator/price-lists'),
      client.GET('/api/operator/price-lists/{version}', { params: { path } }),
    ]);
    if (list.data === undefined || document.data === undefined) return;
    const newest = list.data.data[0]?.version ?? 0;
    setDraft({ base: version, newest, models: document.data.models });
    queryClient.removeQueries({ queryKey: ['price-list-check'] });
    await navigate({ to: '/operator/prices/draft' });
  };
  return (
    <>
      <Button onClick={() => (draft === null ? void begin() : setIsAsking(true))}>{t('prices.edit')}</Button>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('prices.replaceDraft')}
        act={t('prices.beginAnew')}
        isDestructive
        onConfirm={begin}
      >
        {t('prices.whatReplaceDoes')}
      </Confirm>
    </>
  );
}
