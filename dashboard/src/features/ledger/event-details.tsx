import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, queryClient } from '../../api/client.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Instant } from '../../ui/instant.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { type ChainFault, checkEvent } from './chain-check.ts';
import { eventWords, type LedgerEvent, said } from './event-words.ts';

/** An event in words, whole and with its hashes, which can be checked here. */
export function EventDetails({ event }: { readonly event: LedgerEvent }) {
  const { t } = useTranslation('ledger');
  const charge = said(event, 'chargeId');
  const { stream, revision, type, id, data, metadata, recorded_at } = event;
  return (
    <Stack>
      <Text fw={600}>{eventWords(t, event)}</Text>
      <Facts
        facts={[
          [t('event.at'), <Instant at={event.at} style="second" />],
          [t('event.amount'), <Money amount={event.amount} whole />],
          [t('event.balance'), <Money amount={event.balance_after} whole />],
          [t('event.hash'), <Code>{event.hash}</Code>],
          [t('event.previousHash'), <Code>{event.previous_hash}</Code>],
        ]}
      />
      <CheckOne event={event} />
      {charge !== '' && (
        <Group>
          <LinkButton to="/ledger" search={{ charge }} variant="default" size="xs">
            {t('event.explain')}
          </LinkButton>
        </Group>
      )}
      <CodeBlock
        label={t('event.raw')}
        code={JSON.stringify({ stream, revision, type, id, data, metadata, recorded_at }, null, 2)}
      />
    </Stack>
  );
}

/** "Check this": this event against the one before it, computed in this browser. */
function CheckOne({ event }: { readonly event: LedgerEvent }) {
  const { t } = useTranslation('ledger');
  const check = useMutation({ mutationFn: () => checked(event) });
  return (
    <Stack gap="xs">
      <Group>
        <Button
          size="xs"
          loading={check.isPending}
          onClick={() => check.mutate()}
          leftSection={<IconShieldCheck size={14} aria-hidden />}
        >
          {t('check.this')}
        </Button>
      </Group>
      <FailureNotice error={check.error} />
      {check.isSuccess && <OneVerdict revision={event.revision} fault={check.data} />}
    </Stack>
  );
}

function OneVerdict({ revision, fault }: { readonly revision: number; readonly fault: ChainFault | null }) {
  const { t } = useTranslation('ledger');
  if (fault !== null)
    return (
      <Alert
        color="red"
        role="alert"
        icon={<IconShieldX aria-hidden />}
        title={t('check.faultTitle', { revision: fault.revision })}
      >
        {t(`check.fault.${fault.what}`, { revision: fault.revision })}
      </Alert>
    );
  return (
    <Alert color="green" role="status" icon={<IconShieldCheck aria-hidden />} title={t('check.oneTitle', { revision })}>
      {revision === 0 ? t('check.oneFirst') : t('check.oneRight', { before: revision - 1 })}
    </Alert>
  );
}

/** The predecessor is asked for anew, so that both are what the ledger says now. */
async function checked(event: LedgerEvent): Promise<ChainFault | null> {
  const { revision } = event;
  if (revision === 0) return (await checkEvent(event, undefined)) ?? null;
  const path = { revision: revision - 1 };
  const before = await queryClient.fetchQuery(api.queryOptions('get', '/api/events/{revision}', { params: { path } }));
  return (await checkEvent(event, before)) ?? null;
}
