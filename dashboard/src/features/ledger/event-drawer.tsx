import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { SideDialog } from '../../ui/dialog.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { EventDetails } from './event-details.tsx';

const route = getRouteApi('/person/account/ledger');

/** The event that the address names, as it is stored. */
export function EventDrawer() {
  const { t } = useTranslation('ledger');
  const { revision } = route.useSearch();
  const navigate = route.useNavigate();
  const close = () =>
    void navigate({ search: ({ revision: _closed, ...rest }) => rest, replace: true, resetScroll: false });
  return (
    <SideDialog
      opened={revision !== undefined}
      onClose={close}
      position="right"
      size="lg"
      title={t('event.title', { revision: revision ?? '' })}
      closeButtonProps={{ 'aria-label': t('event.close') }}
    >
      {revision !== undefined && <Opened revision={revision} />}
    </SideDialog>
  );
}

function Opened({ revision }: { readonly revision: number }) {
  const event = api.useQuery('get', '/api/events/{revision}', { params: { path: { revision } } });
  return (
    <QueryState query={event} lines={12}>
      {(found) => <EventDetails key={found.id} event={found} />}
    </QueryState>
  );
}
