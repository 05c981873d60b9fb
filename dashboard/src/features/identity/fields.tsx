// The fields of the forms about logging in.
import { PasswordInput, type PasswordInputProps, TextInput, type TextInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type Field<Props> = Omit<Props, 'type'>;

export function EmailField(props: Field<TextInputProps>) {
  const { t } = useTranslation('identity');
  return <TextInput label={t('email')} name="email" type="email" autoComplete="username" required {...props} />;
}

export function CurrentPasswordField(props: Field<PasswordInputProps>) {
  const { t } = useTranslation('identity');
  return <Password label={t('password')} name="password" autoComplete="current-password" required {...props} />;
}

/** A password that is chosen: the rules stand with it. */
export function NewPasswordField({
  isReplacement = false,
  ...props
}: Field<PasswordInputProps> & { isReplacement?: boolean }) {
  const { t } = useTranslation('identity');
  return (
    <Password
      label={t(isReplacement ? 'newPassword' : 'password')}
      description={t('passwordRules')}
      name="password"
      autoComplete="new-password"
      minLength={10}
      maxLength={200}
      required
      {...props}
    />
  );
}

/** A code of the app, or a recovery code. */
export function CodeField(props: Field<TextInputProps>) {
  const { t } = useTranslation('identity');
  return (
    <TextInput
      label={t('code')}
      description={t('codeHint')}
      name="totp"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      required
      {...props}
    />
  );
}

function Password(props: PasswordInputProps) {
  const { t } = useTranslation('identity');
  return <PasswordInput {...props} visibilityToggleButtonProps={{ 'aria-label': t('showPassword'), tabIndex: 0 }} />;
}

/** The texts of a form by the names of its fields; an empty one is left out. */
export const valuesOf = (form: HTMLFormElement): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...new FormData(form)].flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, value]] : [],
    ),
  );
