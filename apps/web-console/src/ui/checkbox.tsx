import type { ReactNode } from 'react';
import { CheckboxButton, CheckboxField, type CheckboxFieldProps } from 'react-aria-components/Checkbox';
import { Text } from 'react-aria-components/Text';
import './fields.css';
import { DoneIcon } from './icons.ts';

interface CheckboxProps extends Omit<CheckboxFieldProps, 'className' | 'children'> {
  readonly children: ReactNode;
  readonly description?: ReactNode;
}

export function Checkbox({ children, description, ...others }: CheckboxProps) {
  return (
    <CheckboxField {...others} className="checkbox-field">
      <CheckboxButton className="checkbox">
        {({ isSelected, isIndeterminate }) => (
          <>
            <span className="checkbox-mark" aria-hidden>
              {isIndeterminate ? <span className="checkbox-some" /> : isSelected && <DoneIcon size={14} />}
            </span>
            <span>{children}</span>
          </>
        )}
      </CheckboxButton>
      {description !== undefined && (
        <Text slot="description" className="description behind-mark">
          {description}
        </Text>
      )}
    </CheckboxField>
  );
}
