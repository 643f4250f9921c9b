import type { LucideIcon } from 'lucide-react';
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { IconButton } from './button.tsx';
import { MoreIcon } from './icons.ts';
import './menu.css';

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly isDanger?: boolean;
  /** What it does, or the address that it leads to. */
  readonly onAction?: () => void;
  readonly href?: string;
}

interface ActionMenuProps {
  /** What the actions are for, read out: "Actions for photos". */
  readonly label: string;
  /** Only what can be done: what the key may not do is left out. */
  readonly actions: readonly MenuAction[];
}

/** A button that opens a menu of actions. Nothing at all if there is no action. */
export function ActionMenu({ label, actions }: ActionMenuProps) {
  if (actions.length === 0) return null;
  return (
    <MenuTrigger>
      <IconButton icon={MoreIcon} label={label} />
      <Popover className="popover" placement="bottom end">
        <AriaMenu
          className="menu"
          aria-label={label}
          onAction={(id) => actions.find((action) => action.id === id)?.onAction?.()}
        >
          {actions.map(({ id, label: text, icon: Icon, isDanger = false, href }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={text}
              className={isDanger ? 'menu-item danger' : 'menu-item'}
              {...(href !== undefined && { href })}
            >
              {Icon ? <Icon size={16} aria-hidden /> : <span className="menu-no-icon" />}
              {text}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
