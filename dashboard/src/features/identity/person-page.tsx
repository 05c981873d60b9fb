import { Code, Group, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Section } from '../../ui/section.tsx';
import { Roles } from './people-columns.tsx';
import { PersonActs } from './person-acts.tsx';

type Person = Schema<'PersonInDetail'>;

/** One person, with their roles and what was decided about them. */
export function PersonPage() {
  const { t } = useTranslation('identity');
  const { id } = useParams({ from: '/person/operator/people/$id' });
  const person = api.useQuery('get', '/api/operator/people/{id}', { params: { path: { id } } });
  return (
    <Page
      title={person.data?.email ?? t('people.title')}
      description={<Link to="/operator/people">{t('people.all')}</Link>}
    >
      <QueryState query={person} lines={8}>
        {(found) => (
          <Stack gap="lg" maw={860}>
            <PersonFacts person={found} />
            <PersonActs person={found} />
            <Decisions person={found} />
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

function PersonFacts({ person }: { readonly person: Person }) {
  const { t } = useTranslation('identity');
  return (
    <Section title={t('people.facts')}>
      <Facts
        facts={[
          [t('people.role'), <Roles roles={person.roles} />],
          [t('people.address'), t(person.email_verified ? 'people.confirmed' : 'people.unconfirmed')],
          [t('factor.title'), t(person.second_factor ? 'factor.on' : 'factor.off')],
          ['Google', t(person.google ? 'people.linked' : 'people.notLinked')],
          [t('look.language'), person.language === 'zh' ? '中文' : 'English'],
          [t('people.registered'), <Instant at={person.created} />],
          [t('people.sessions'), String(person.sessions)],
          [t('people.lastLogin'), <Instant at={person.last_login} />],
          [t('people.account'), <Id id={person.account_id} />],
          [t('people.user'), <Id id={person.user_id} />],
        ]}
      />
    </Section>
  );
}

const Id = ({ id }: { readonly id: string }) => (
  <Group gap="xs">
    <Code style={{ overflowWrap: 'anywhere' }}>{id}</Code>
    <CopyButton text={id} />
  </Group>
);

function Decisions({ person: { decisions } }: { readonly person: Person }) {
  const { t } = useTranslation('identity');
  return (
    <Section title={t('people.decisions')}>
      {decisions.length === 0 && <Text c="dimmed">{t('people.noDecisions')}</Text>}
      {decisions.map(({ at, what, by, reason }) => (
        <Stack key={`${at} ${what}`} gap={2}>
          <Group gap="sm">
            <Instant at={at} />
            <Code>{what}</Code>
          </Group>
          <Text size="sm">{reason ?? t('people.noReason')}</Text>
          <Text size="sm" c="dimmed">
            {t('people.by')}{' '}
            {by === 'console' ? (
              t('people.console')
            ) : (
              <Link to="/operator/people/$id" params={{ id: by }}>
                {by}
              </Link>
            )}
          </Text>
        </Stack>
      ))}
    </Section>
  );
}
