import { Anchor, Code, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Money } from '../../../ui/money.tsx';
import { QueryState } from '../../../ui/query-state.tsx';

type Explanation = Schema<'ChargeExplanation'>;

/** Why a call cost what it cost, on demand. */
export function ExplainCharge({ call: { id } }: { readonly call: Pick<Schema<'Charge'>, 'id'> }) {
  const { t } = useTranslation('operators');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Anchor component="button" type="button" size="sm" onClick={() => setIsOpen(true)}>
        {t('account.explain')}
      </Anchor>
      <Dialog opened={isOpen} onClose={() => setIsOpen(false)} title={t('account.explanation')} size="xl">
        {isOpen && <Explained id={id} />}
      </Dialog>
    </>
  );
}

function Explained({ id }: { readonly id: string }) {
  const explanation = api.useQuery('get', '/api/operator/charges/{id}/explanation', { params: { path: { id } } });
  return (
    <QueryState query={explanation} lines={6}>
      {(shown) => <Lines explanation={shown} />}
    </QueryState>
  );
}

function Lines({
  explanation: { charge_id: id, model, cost_now: cost, price, lines, notes },
}: {
  readonly explanation: Explanation;
}) {
  const { t } = useTranslation('operators');
  return (
    <Stack>
      <Text>
        <Code>{id}</Code> · <Code>{model}</Code> · <Money amount={cost} whole />
      </Text>
      {price !== null && <Text>{price.why}</Text>}
      {notes.map((note) => (
        <Text key={note}>{note}</Text>
      ))}
      <Table.ScrollContainer minWidth={480} tabIndex={0} aria-label={t('account.explanation')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('account.kind')}</Table.Th>
              <Table.Th scope="col" ta="right">
                {t('account.count')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('account.rate')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('account.amount')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('account.providerAmount')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map((line) => (
              <Table.Tr key={line.kind}>
                <Table.Td>
                  <Code>{line.kind}</Code>
                </Table.Td>
                <Table.Td ta="right">{line.count}</Table.Td>
                <Table.Td ta="right">
                  <Money amount={line.rate} whole />
                </Table.Td>
                <Table.Td ta="right">
                  <Money amount={line.amount} whole />
                </Table.Td>
                <Table.Td ta="right">
                  <Money amount={line.provider_amount} whole />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
