import type { ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from 'react-aria-components/TextField';
import './fields.css';

interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'children'> {
  readonly label: string;
  /** A sentence below the field. */
  readonly description?: ReactNode;
  /** What is wrong with the value; shown instead of what the browser would say. */
  readonly error?: string | undefined;
  /** Makes it a field of this many lines. */
  readonly rows?: number;
  /** Whether the value is of the kind that is compared character by character. */
  readonly isMono?: boolean;
  readonly placeholder?: string;
}

export function TextField({ label, description, error, rows, isMono, placeholder, ...others }: TextFieldProps) {
  const className = `input${isMono === true ? ' mono' : ''}`;
  const hint = placeholder === undefined ? {} : { placeholder };
  return (
    <AriaTextField {...others} className="field" isInvalid={others.isInvalid ?? error !== undefined}>
      <Label>{label}</Label>
      {rows === undefined ? (
        <Input className={className} {...hint} />
      ) : (
        <TextArea className={className} rows={rows} {...hint} />
      )}
      {description !== undefined && (
        <Text slot="description" className="description">
          {description}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </AriaTextField>
  );
}
