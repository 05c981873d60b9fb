import { Button, Group, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** The part of a key that names its account: the rest is its secret, which goes into no address and no log. */
const PUBLIC_PART_OF_KEY = 28;
export const withoutSecret = (text: string): string =>
  text.startsWith('sk-th_') ? text.slice(0, PUBLIC_PART_OF_KEY) : text;

/** The way to an account, by whatever stands in a ticket. */
export function AccountSearch({ value = '' }: { readonly value?: string | undefined }) {
  const { t } = useTranslation('operators');
  const navigate = useNavigate();
  const [text, setText] = useState(value);
  const find = () => {
    const search = withoutSecret(text.trim());
    setText(search);
    void navigate({ to: '/operator/accounts', search: { search: search === '' ? undefined : search } });
  };
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        find();
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          style={{ flex: '1 1 18rem' }}
          label={t('search.label')}
          description={t('search.what')}
          placeholder={t('search.example')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          leftSection={<IconSearch size={16} aria-hidden />}
        />
        <Button type="submit">{t('search.act')}</Button>
      </Group>
    </form>
  );
}
