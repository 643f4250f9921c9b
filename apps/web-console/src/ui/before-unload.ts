let isSilent = false;

/** Has the browser ask before the page is left. Returns what ends that; others may still want it. */
export function warnsBeforeUnload(): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    if (!isSilent) event.preventDefault();
  };
  addEventListener('beforeunload', ask);
  return () => {
    removeEventListener('beforeunload', ask);
  };
}

/** Goes to an address that answers with a file to be saved, so that the page stays: nothing has to be asked. */
export function goToDownload(path: string): void {
  isSilent = true;
  globalThis.location.assign(path);
  // The browser asks as soon as it begins to go there.
  setTimeout(() => {
    isSilent = false;
  }, 1_000);
}
