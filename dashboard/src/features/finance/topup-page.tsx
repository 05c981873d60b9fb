import { Card, Code, SimpleGrid, Stack, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { PaymentFailure } from '../../ui/payment-failure.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Status } from '../../ui/status.tsx';
import { Facts } from '../../ui/facts.tsx';
import { AccountName, ShortId } from './parts/names.tsx';
import { TopupStory } from './topup-story.tsx';
import { RelatedDisputes, RelatedRefunds } from './topup-related.tsx';
import { TOPUP_TONES } from '../../ui/tones.ts';

const route = getRouteApi('/person/finance/topups/$id');

export function TopupPage() {
  return <Topup id={route.useParams().id} />;
}

type Story = Schema<'FinanceTopupStory'>;

export function Topup({ id }: { readonly id: string }) {
  const { t } = useTranslation('finance');
  const topup = api.useQuery('get', '/api/finance/topups/{id}', { params: { path: { id } } });
  return (
    <Page
      title={t('topup.title')}
      description={<Link to="/finance/topups">{t('topup.back')}</Link>}
      actions={<CopyButton text={id} label={t('topup.copy')} />}
    >
      <QueryState query={topup} lines={14}>
        {(story) => (
          <Stack gap="lg">
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Order story={story} />
              <Outcome story={story} />
            </SimpleGrid>
            <RelatedRefunds refunds={story.all_refunds} />
            <RelatedDisputes disputes={story.disputes} />
            <TopupStory events={story.events} />
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

function Order({ story }: { readonly story: Story }) {
  const { t } = useTranslation('finance');
  const { quote } = story;
  return (
    <Card withBorder>
      <Title order={2} size="h3" mb="sm">
        {t('topup.order')}
      </Title>
      <Facts
        facts={[
          [
            t('columns.status'),
            <Status key="s" tone={TOPUP_TONES[story.status]}>
              {t(`topups.status.${story.status}`)}
            </Status>,
          ],
          [t('columns.account'), <AccountName key="a" id={story.account_id} />],
          [t('columns.credit'), <Money key="c" amount={story.credit} whole />],
          [t('topups.price'), <Money key="p" amount={story.price} currency={story.currency} whole />],
          ...(quote === null ? [] : [[t('topup.rate'), t('topup.rateText', { ...quote })] as const]),
          [t('topups.method'), t(`topups.methods.${story.method}`)],
          [t('topups.ordered'), <Instant key="o" at={story.ordered_at} />],
          [t('topups.paid'), <Instant key="pd" at={story.paid_at} />],
          ...(story.failure === null ? [] : [[t('topup.failure'), <Failure key="f" story={story} />] as const]),
          [t('topup.intent'), <ShortId key="i" id={story.payment_intent} />],
          [t('topup.session'), <ShortId key="cs" id={story.checkout_session} />],
        ]}
      />
    </Card>
  );
}

/** In the words that the customer reads, with the code that Stripe knows it by. */
const Failure = ({ story: { failure, failure_code: code } }: { readonly story: Story }) => (
  <>
    <PaymentFailure failure={failure} /> <Code>{code}</Code>
  </>
);

function Outcome({ story }: { readonly story: Story }) {
  const { t } = useTranslation('finance');
  const { settlement, lot, currency } = story;
  return (
    <Card withBorder>
      <Title order={2} size="h3" mb="sm">
        {t('topup.outcome')}
      </Title>
      <Facts
        facts={[
          [t('topup.left'), lot === null ? t('topup.noCredit') : <Money key="l" amount={lot.left} whole />],
          [t('topup.expires'), <Instant key="e" at={lot?.expires_at} style="date" />],
          [t('topups.refunded'), <Money key="r" amount={story.refunded} currency={currency} />],
          [
            t('topup.settled'),
            settlement === null ? (
              t('topup.notSettled')
            ) : (
              <Money key="st" amount={settlement.amount} currency={settlement.currency} />
            ),
          ],
          [t('topups.fee'), <Money key="f" amount={settlement?.fee} currency={settlement?.currency ?? 'usd'} />],
          [t('topups.net'), <Money key="n" amount={settlement?.net} currency={settlement?.currency ?? 'usd'} />],
          [t('topup.invoice'), story.invoice ?? t('topup.noInvoice')],
          [t('topup.news'), t(story.awaiting ? 'topup.awaiting' : 'topup.complete')],
        ]}
      />
    </Card>
  );
}
