/** Whether files or folders are dragged, and not text or a link. */
export function carriesFiles(dragged: DataTransfer | null): boolean {
  return dragged?.types.includes('Files') ?? false;
}

/**
 * Refuses files that are dragged to where nothing takes them: the browser would open them in the place of the page.
 * What takes files has to keep its `dragover` and `drop` events from reaching the window.
 */
export function refuseOtherFiles(): void {
  const refuse = (event: DragEvent): void => {
    if (event.defaultPrevented || !carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
  };
  addEventListener('dragover', refuse);
  addEventListener('drop', refuse);
}
