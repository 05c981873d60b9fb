import { CurrentPasswordField } from './fields.tsx';
import type { Schema } from '../../api/client.ts';

export type Me = Schema<'Me'>;

/** The password once more, before a critical change; who has none needs a fresh login instead. */
export const PasswordAgain = ({ me }: { readonly me: Me }) => (me.has_password ? <CurrentPasswordField /> : null);
