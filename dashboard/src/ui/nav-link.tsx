import { NavLink as MantineNavLink } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { type ComponentProps, forwardRef } from 'react';

/** A link of the navigation: says which page is open. */
export const NavLink = createLink(
  forwardRef<HTMLAnchorElement, Omit<ComponentProps<typeof MantineNavLink<'a'>>, 'ref'>>(function NavLink(props, ref) {
    return <MantineNavLink component="a" ref={ref} {...props} />;
  }),
);
