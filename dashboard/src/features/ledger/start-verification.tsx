import { Button, Checkbox, Group, Paper, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient } from '../../api/client.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { countText } from '../../ui/instant.tsx';

type Scope = 'everything' | 'since' | 'account';

/** Chooses what is verified, and begins. */
export function StartVerification({ newest }: { readonly newest: number | undefined }) {
  const { t } = useTranslation('ledger');
  const [scope, setScope] = useState<Scope>('everything');
  const [account, setAccount] = useState('');
  const [readModels, setReadModels] = useState(true);
  const verify = api.useMutation('post', '/api/operator/verify', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/operator/verify'] }),
  });
  const begin = () =>
    verify.mutate({
      body: {
        read_models: readModels && scope === 'everything',
        ...(scope === 'since' && newest !== undefined && { since: newest }),
        ...(scope === 'account' && { account_id: account.trim() }),
      },
    });
  return (
    <Paper withBorder p="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <Stack gap="sm">
          <Radio.Group label={t('integrity.scope')} value={scope} onChange={(value) => setScope(value)}>
            <Stack gap="xs" mt="xs">
              <Radio value="everything" label={t('integrity.everything')} />
              {newest !== undefined && (
                <Radio value="since" label={t('integrity.since', { count: newest, events: countText(newest) })} />
              )}
              <Radio value="account" label={t('integrity.account')} />
            </Stack>
          </Radio.Group>
          {scope === 'account' && (
            <TextInput
              label={t('integrity.accountId')}
              required
              value={account}
              onChange={({ currentTarget: { value } }) => setAccount(value)}
              maw={360}
            />
          )}
          {scope === 'everything' && (
            <Checkbox
              label={t('integrity.readModels')}
              checked={readModels}
              onChange={({ currentTarget: { checked } }) => setReadModels(checked)}
            />
          )}
          <FailureNotice error={verify.error} />
          <Group>
            <Button type="submit" loading={verify.isPending}>
              {t('integrity.begin')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
