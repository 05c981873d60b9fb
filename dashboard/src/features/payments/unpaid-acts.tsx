import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schema } from '../../api/client.ts';
import { ApiFailure } from '../../api/failure.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { shortMoney } from '../../ui/money.tsx';
import { moneyChanged } from './changed.ts';

/** Back to the checkout, if it is still open. */
export function PayTopup({ id }: { readonly id: string }) {
  const { t } = useTranslation('payments');
  const pay = useMutation({
    mutationFn: () => client.GET('/api/topups/{id}', { params: { path: { id }, query: { refresh: 'true' } } }),
    onSuccess: ({ data }) => {
      if (typeof data?.checkout_url === 'string') return window.location.assign(data.checkout_url);
      notifications.show({ color: 'yellow', message: t('unpaid.gone') });
      return moneyChanged();
    },
    onError: (error) =>
      notifications.show({
        color: 'red',
        message: (error instanceof ApiFailure && error.words) || t('unpaid.unavailable'),
      }),
  });
  return (
    <Button size="xs" onClick={() => pay.mutate()} loading={pay.isPending}>
      {t('unpaid.pay')}
    </Button>
  );
}

export function CancelTopup({ topup }: { readonly topup: Schema<'Topup'> }) {
  const { t } = useTranslation('payments');
  const [isAsking, setIsAsking] = useState(false);
  // A payment that was faster is shown as well.
  const cancel = api.useMutation('post', '/api/topups/{id}/cancel', { onSettled: moneyChanged });
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setIsAsking(true)}>
        {t('unpaid.cancel')}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('unpaid.cancelTitle')}
        act={t('unpaid.cancelAct')}
        isDestructive
        onConfirm={() => cancel.mutateAsync({ params: { path: { id: topup.id } } })}
      >
        {t('unpaid.cancelText', { credit: shortMoney(topup.credit) })}
      </Confirm>
    </>
  );
}
