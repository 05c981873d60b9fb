import { Alert, Anchor, Button, Code, Group, List, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { countText } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { checkStream, type StreamChecked } from './stream-check.ts';

/** So often the bar moves. */
const SHOWN_EVERY_MS = 100;

/** Checks the whole stream of the account in this browser, and says exactly what was checked. */
export function CheckAll() {
  const { t } = useTranslation('ledger');
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const check = useMutation({ mutationFn: () => wholeStream(setProgress) });
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="check-all">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Stack gap={2} style={{ flex: '1 1 20rem' }}>
            <Title order={2} size="h3" id="check-all">
              {t('check.title')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('check.how')}
            </Text>
          </Stack>
          <Button
            onClick={() => check.mutate()}
            loading={check.isPending}
            leftSection={<IconShieldCheck size={16} aria-hidden />}
          >
            {t('check.all')}
          </Button>
        </Group>
        {check.isPending && <Checking {...progress} />}
        {check.error !== null && <FailureNotice error={check.error} retry={() => check.mutate()} />}
        {check.isSuccess && <Verdict checked={check.data} />}
      </Stack>
    </Paper>
  );
}

async function wholeStream(show: (progress: { done: number; total: number }) => void): Promise<StreamChecked> {
  const { response } = await client.GET('/api/events/download', { parseAs: 'stream' });
  if (response.body === null) throw new Error('the answer has no body');
  let next = 0;
  return checkStream(response.body, {
    onProgress(done, total) {
      if (performance.now() < next) return;
      next = performance.now() + SHOWN_EVERY_MS;
      show({ done, total });
    },
  });
}

function Checking({ done, total }: { readonly done: number; readonly total: number }) {
  const { t } = useTranslation('ledger');
  return (
    <Stack gap={4} role="status">
      <Progress value={total === 0 ? 0 : (100 * done) / total} aria-label={t('check.progress')} />
      <Text size="sm">{t('check.done', { done: countText(done), total: countText(total) })}</Text>
    </Stack>
  );
}

function Verdict({ checked }: { readonly checked: StreamChecked }) {
  const { t } = useTranslation('ledger');
  const { events, hash, fault, isSealed } = checked;
  if (fault !== undefined)
    return (
      <Alert
        color="red"
        role="alert"
        icon={<IconShieldX aria-hidden />}
        title={t('check.faultTitle', { revision: fault.revision })}
      >
        <Text size="sm">{t(`check.fault.${fault.what}`, { revision: fault.revision })}</Text>
        <Text size="sm">{t('check.faultAct', { events: countText(events) })}</Text>
      </Alert>
    );
  return (
    <Alert color="green" role="status" icon={<IconShieldCheck aria-hidden />} title={t('check.rightTitle')}>
      <List size="sm">
        <List.Item>{t('check.rightRevisions', { events: countText(events), last: countText(events - 1) })}</List.Item>
        <List.Item>{t('check.rightHashes')}</List.Item>
        <List.Item>
          {t('check.rightHead')} <Code style={{ wordBreak: 'break-all' }}>{hash}</Code>
        </List.Item>
      </List>
      <Text size="sm" mt="xs">
        {t('check.notShown')} {t(isSealed ? 'check.sealed' : 'check.notSealed')}
      </Text>
      <Group gap="md" mt="xs">
        <Link to="/statements" size="sm" c="inherit" underline="always">
          {t('check.statements')}
        </Link>
        <Anchor href="/statement-checker.html" size="sm" c="inherit" underline="always">
          {t('check.checker')}
        </Anchor>
        <Anchor href="/log/checkpoint" size="sm" c="inherit" underline="always">
          {t('check.checkpoint')}
        </Anchor>
      </Group>
    </Alert>
  );
}
