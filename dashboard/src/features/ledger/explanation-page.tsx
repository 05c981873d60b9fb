import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { LinkButton } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Explanation } from './explanation.tsx';

/** Why one of the account’s calls cost what it cost. */
export function ExplanationPage({ id }: { readonly id: string }) {
  const { t } = useTranslation('ledger');
  const explanation = api.useQuery('get', '/api/charges/{id}/explanation', { params: { path: { id } } });
  return (
    <Page
      title={t('explain.title')}
      description={t('explain.description')}
      actions={
        <LinkButton to="/ledger" variant="default">
          {t('explain.back')}
        </LinkButton>
      }
    >
      <QueryState query={explanation} lines={14}>
        {(found) => <Explanation explanation={found} />}
      </QueryState>
    </Page>
  );
}
