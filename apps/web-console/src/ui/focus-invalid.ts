const invalid = '[aria-invalid="true"], [data-invalid] input';

/** Moves the focus to the first field in which something is wrong, once it is shown as such. */
export function focusFirstInvalid(form: HTMLElement): void {
  requestAnimationFrame(() => {
    form.querySelector<HTMLElement>(invalid)?.focus();
  });
}
