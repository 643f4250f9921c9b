import type { ReactNode } from 'react';
import { TextField } from './fields.tsx';

/** A number as it is typed: what is no whole number stays a text, which the schemas refuse. */
export type TypedNumber = number | string | null;

interface NumberFieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  readonly value: TypedNumber | undefined;
  /** Null: nothing was entered. */
  readonly onChange: (value: TypedNumber) => void;
  readonly error: string | undefined;
  readonly isDisabled?: boolean;
}

/** A whole number. */
export function NumberField({ value, onChange, ...others }: NumberFieldProps) {
  return (
    <TextField
      {...others}
      inputMode="numeric"
      autoComplete="off"
      value={String(value ?? '')}
      onChange={(text) => {
        onChange(readNumber(text));
      }}
    />
  );
}

function readNumber(text: string): TypedNumber {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^\d{1,15}$/.test(trimmed) ? Number(trimmed) : text;
}

interface LinesFieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  readonly value: readonly string[] | null | undefined;
  readonly onChange: (value: readonly string[]) => void;
  readonly error: string | undefined;
}

/** Texts without line breaks, one on each line. */
export function LinesField({ value, onChange, ...others }: LinesFieldProps) {
  return (
    <TextField
      {...others}
      rows={Math.min(8, Math.max(2, value?.length ?? 0))}
      isMono
      autoComplete="off"
      spellCheck="false"
      value={(value ?? []).join('\n')}
      onChange={(text) => {
        onChange(text === '' ? [] : text.split('\n'));
      }}
    />
  );
}

/** Lines with something on them, without the spaces around it. */
export function filledLines(lines: readonly string[] | null | undefined): readonly string[] {
  return (lines ?? []).map((line) => line.trim()).filter((line) => line !== '');
}
