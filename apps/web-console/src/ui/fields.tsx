import type { ReactNode } from 'react';
import { CheckboxButton, CheckboxField, type CheckboxFieldProps } from 'react-aria-components/Checkbox';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { RadioButton, RadioField, RadioGroup as AriaRadioGroup } from 'react-aria-components/RadioGroup';
import { Button } from 'react-aria-components/Button';
import { SearchField as AriaSearchField } from 'react-aria-components/SearchField';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { SwitchButton, SwitchField } from 'react-aria-components/Switch';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from 'react-aria-components/TextField';
import { CloseIcon, DoneIcon, OpenIcon, SearchIcon } from './icons.ts';
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

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onSubmit?: (value: string) => void;
  readonly placeholder?: string;
}

/** A field for searching; its label is read out, not shown. */
export function SearchField({ label, value, onChange, onSubmit, placeholder }: SearchFieldProps) {
  return (
    <AriaSearchField
      aria-label={label}
      className="search-field"
      value={value}
      onChange={onChange}
      {...(onSubmit && { onSubmit })}
    >
      <SearchIcon size={16} aria-hidden />
      <Input className="input" {...(placeholder !== undefined && { placeholder })} />
      <Button className="button icon-only">
        <CloseIcon size={14} aria-hidden />
      </Button>
    </AriaSearchField>
  );
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly description?: ReactNode;
  readonly isDisabled?: boolean;
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly description?: ReactNode;
  readonly isDisabled?: boolean;
}

/** One of several, in a list that opens. */
export function Select<Value extends string>(props: ChoiceProps<Value>) {
  const { label, choices, value, onChange, description, isDisabled = false } = props;
  return (
    <AriaSelect
      className="field"
      value={value}
      isDisabled={isDisabled}
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.value === key);
        if (chosen) onChange(chosen.value);
      }}
    >
      <Label>{label}</Label>
      <Button className="input select-button">
        <SelectValue className="one-line" />
        <OpenIcon size={16} aria-hidden />
      </Button>
      {description !== undefined && (
        <Text slot="description" className="description">
          {description}
        </Text>
      )}
      <Popover className="popover select-popover">
        <ListBox className="list-box">
          {choices.map((choice) => (
            <ListBoxItem
              key={choice.value}
              id={choice.value}
              textValue={choice.label}
              isDisabled={choice.isDisabled ?? false}
              className="list-box-item"
            >
              <Text slot="label" className="name">
                {choice.label}
              </Text>
              {choice.description !== undefined && (
                <Text slot="description" className="description">
                  {choice.description}
                </Text>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** One of a few, all of them visible with a sentence each. */
export function RadioGroup<Value extends string>(props: ChoiceProps<Value>) {
  const { label, choices, value, onChange, description, isDisabled = false } = props;
  return (
    <AriaRadioGroup
      className="field radio-group"
      value={value}
      isDisabled={isDisabled}
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.value === key);
        if (chosen) onChange(chosen.value);
      }}
    >
      <Label>{label}</Label>
      {description !== undefined && (
        <Text slot="description" className="description">
          {description}
        </Text>
      )}
      {choices.map((choice) => (
        <RadioField key={choice.value} value={choice.value} isDisabled={choice.isDisabled ?? false}>
          <RadioButton className="radio">
            <span className="radio-mark" aria-hidden />
            {choice.label}
          </RadioButton>
          {choice.description !== undefined && (
            <Text slot="description" className="description behind-mark">
              {choice.description}
            </Text>
          )}
        </RadioField>
      ))}
    </AriaRadioGroup>
  );
}

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

interface SwitchProps {
  readonly label: string;
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly isDisabled?: boolean;
  readonly description?: ReactNode;
}

export function Switch({ label, isSelected, onChange, isDisabled = false, description }: SwitchProps) {
  return (
    <SwitchField isSelected={isSelected} onChange={onChange} isDisabled={isDisabled}>
      <SwitchButton className="switch">
        <span className="switch-track" aria-hidden>
          <span className="switch-thumb" />
        </span>
        {label}
      </SwitchButton>
      {description !== undefined && (
        <Text slot="description" className="description behind-switch">
          {description}
        </Text>
      )}
    </SwitchField>
  );
}
