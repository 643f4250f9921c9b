import { Notice } from '../ui/notice.tsx';

/** Why nothing with customer keys is offered on a connection that others can read. */
export function InsecureNotice() {
  return (
    <Notice kind="info" title="No customer keys on this connection">
      Customer keys (SSE-C) are only used over HTTPS, or where the server is this machine itself: anybody between here
      and the server could read them. Open the console over HTTPS.
    </Notice>
  );
}
