import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import './button.css';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  /** `primary`: what the page is for, once per page or dialog. `quiet`: without a frame. */
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

export function Button({ variant = 'secondary', icon: Icon, children, ...others }: ButtonProps) {
  return (
    <AriaButton {...others} className={`button ${variant}`}>
      {Icon && <Icon size={16} aria-hidden />}
      {children}
    </AriaButton>
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'aria-label'> {
  readonly icon: LucideIcon;
  /** What it does; shown as a tooltip, and read out. */
  readonly label: string;
}

/** A button that shows an icon only. */
export function IconButton({ icon: Icon, label, ...others }: IconButtonProps) {
  return (
    <TooltipTrigger delay={400}>
      <AriaButton {...others} aria-label={label} className="button icon-only">
        <Icon size={18} aria-hidden />
      </AriaButton>
      <Tooltip className="tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
