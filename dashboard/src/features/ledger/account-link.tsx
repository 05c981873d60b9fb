import { Code } from '@mantine/core';
import { Link } from '../../ui/link.tsx';

/** An account by its id, for operators: leads to it as its owner sees it. */
export const AccountLink = ({ id }: { readonly id: string }) => (
  <Link to="/operator/accounts/$id" params={{ id }}>
    <Code c="inherit">{id}</Code>
  </Link>
);
