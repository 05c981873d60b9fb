import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { shortMoney } from '../../ui/money.tsx';
import { moneyChanged } from './changed.ts';
import { CancelTopup, PayTopup } from './unpaid-acts.tsx';

type Topup = Schema<'Topup'>;
const ASK_EVERY_MS = 2_000;
const COLORS = { paid: 'green', failed: 'red', expired: 'gray', canceled: 'gray', ordered: 'blue', pending: 'blue' };

export interface CheckoutReturnProps {
  readonly id: string;
  /** Whether the customer left the checkout without paying. */
  readonly isBack: boolean;
}

/** Where a checkout returns to: how that top-up stands, until its credit is on the balance. */
export function CheckoutReturn({ id, isBack }: CheckoutReturnProps) {
  const isComing = ({ status }: Topup): boolean => status === 'pending' || (status === 'ordered' && !isBack);
  const { data, error, refetch } = api.useQuery(
    'get',
    '/api/topups/{id}',
    { params: { path: { id }, query: { refresh: 'true' } } },
    { refetchInterval: ({ state }) => (state.data === undefined || isComing(state.data) ? ASK_EVERY_MS : false) },
  );
  const status = data?.status;
  // The lists on the page say the same as this notice.
  useEffect(() => {
    if (status !== undefined) void moneyChanged();
  }, [status]);
  if (data !== undefined) return <Outcome topup={data} isWaiting={isComing(data)} />;
  return <FailureNotice error={error} retry={() => void refetch()} />;
}

function Outcome({ topup, isWaiting }: { readonly topup: Topup; readonly isWaiting: boolean }) {
  const { t } = useTranslation('payments');
  const navigate = useNavigate();
  const { status, credit, receipt_url: receipt } = topup;
  const isArriving = status === 'ordered' && isWaiting;
  const text = isArriving ? 'arriving' : status;
  return (
    <Alert
      role="status"
      color={COLORS[status]}
      title={t(`return.${text}.title`)}
      icon={isWaiting ? <Loader size="xs" aria-hidden /> : undefined}
      withCloseButton
      closeButtonLabel={t('return.close')}
      onClose={() => void navigate({ to: '/topup', search: {} })}
    >
      <Stack gap="sm">
        <Text size="sm">{t(`return.${text}.text`, { credit: shortMoney(credit) })}</Text>
        <Group gap="sm">
          {status === 'paid' && (
            <>
              <LinkButton to="/overview" size="xs">
                {t('return.overview')}
              </LinkButton>
              <Button component="a" href={receipt ?? ''} target="_blank" size="xs" variant="default">
                {t('topups.receipt')}
              </Button>
            </>
          )}
          {status === 'ordered' && <PayTopup id={topup.id} />}
          {status === 'ordered' && <CancelTopup topup={topup} />}
        </Group>
      </Stack>
    </Alert>
  );
}
