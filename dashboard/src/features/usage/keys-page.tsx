import { Button, Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { SLOWLY_MS, useLive } from '../../api/live.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { EditKey, type KeyAct, ReissueKey, RevokeKey } from './key-dialogs.tsx';
import { useKeyColumns } from './key-columns.tsx';
import { NewKey } from './new-key.tsx';

const route = getRouteApi('/person/account/keys');
const DIALOGS = { edit: EditKey, revoke: RevokeKey, reissue: ReissueKey };

export function KeysPage() {
  const { t } = useTranslation('usage');
  const { revoked } = route.useSearch();
  const navigate = route.useNavigate();
  const [isMaking, setIsMaking] = useState(false);
  const [chosen, setChosen] = useState<{ readonly key: Schema<'ListedKey'>; readonly act: KeyAct }>();
  useLive();
  const query = revoked === true ? {} : ({ status: 'active' } as const);
  const keys = api.useInfiniteQuery(
    'get',
    '/api/keys',
    { params: { query } },
    { ...BY_CURSOR, refetchInterval: SLOWLY_MS },
  );
  const columns = useKeyColumns((key, act) => setChosen({ key, act }));
  const Dialog = chosen && DIALOGS[chosen.act];
  return (
    <Page
      title={t('keys.title')}
      description={t('keys.description')}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setIsMaking(true)}>
          {t('keys.new')}
        </Button>
      }
    >
      <PagedTable
        query={keys}
        lines={6}
        name="keys"
        label={t('keys.title')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t('keys.empty')}
        filters={
          <Switch
            label={t('keys.showRevoked')}
            checked={revoked === true}
            onChange={({ currentTarget: { checked } }) =>
              void navigate({ search: checked ? { revoked: true } : {}, replace: true })
            }
          />
        }
      />
      <NewKey opened={isMaking} onClose={() => setIsMaking(false)} />
      {chosen && Dialog && <Dialog apiKey={chosen.key} onClose={() => setChosen(undefined)} />}
    </Page>
  );
}
