import { B2Error } from '../errors/b2-error.ts';

/**
 * The upload tokens with which uploads are under way in this process. A token serves one upload at a time: whoever
 * sends several at once asks for an URL and a token for each (B2 docs, "Uploading in Parallel").
 */
export class UploadTokensInUse {
  readonly #tokens = new Set<string>();

  /**
   * Runs an upload. Its token is free again when the upload has ended, whether it succeeded or failed.
   *
   * @throws B2Error `auth_token_limit` while another upload with the token is under way.
   */
  async during<T>(token: string, upload: () => Promise<T>): Promise<T> {
    if (this.#tokens.has(token))
      throw new B2Error('auth_token_limit', `more than one upload using auth token ${token}`);
    this.#tokens.add(token);
    try {
      return await upload();
    } finally {
      this.#tokens.delete(token);
    }
  }
}
