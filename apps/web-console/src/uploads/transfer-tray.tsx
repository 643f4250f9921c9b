/** Uploads and downloads under way, above every page; nothing if there are none. */
export function TransferTray() {
  return null;
}
